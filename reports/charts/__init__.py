"""Figures as accessible SVG: the same drawing in page and PDF, each with its table. No database."""

from reports.charts.bars import Bar, Bars, Look, Stack, Stacked
from reports.charts.base import Chart, Table
from reports.charts.flows import Flow, Flows
from reports.charts.kept import from_dict, to_dict
from reports.charts.points import Axis, Dot, Lines, Scatter, Series
from reports.charts.timeline import Mark, Timeline

__all__ = [
    "Axis",
    "Bar",
    "Bars",
    "Chart",
    "Dot",
    "Flow",
    "Flows",
    "Lines",
    "Look",
    "Mark",
    "Scatter",
    "Series",
    "Stack",
    "Stacked",
    "Table",
    "Timeline",
    "from_dict",
    "to_dict",
]
