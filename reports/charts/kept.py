"""Figures as JSON types and back: a report keeps what it showed."""

from dataclasses import fields, is_dataclass
from datetime import date
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from reports.charts.bars import Bars, Stacked
from reports.charts.base import Chart
from reports.charts.flows import Flows
from reports.charts.points import Lines, Scatter
from reports.charts.timeline import Timeline

KINDS: dict[str, type[Chart]] = {
    "bars": Bars,
    "stacked": Stacked,
    "lines": Lines,
    "scatter": Scatter,
    "flows": Flows,
    "timeline": Timeline,
}
NAMES = {kind: name for name, kind in KINDS.items()}


def to_dict(chart: Chart) -> dict[str, Any]:
    """The figure as a plain dict of JSON types; texts as they read in the language of now."""
    return {"chart": NAMES[type(chart)], **_plain(chart)}


def from_dict(data: dict[str, Any]) -> Chart:
    """The figure that `to_dict` wrote."""
    chart: Chart = _made(KINDS[data["chart"]], data)
    return chart


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, (tuple, list)):
        return [_plain(one) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    return value if value is None or isinstance(value, (bool, int, float)) else str(value)


def _made(kind: type, data: dict[str, Any]) -> Any:
    hints = get_type_hints(kind)
    return kind(
        **{
            field.name: _read(hints[field.name], data[field.name])
            for field in fields(kind)
            if field.name in data
        }
    )


def _read(hint: Any, value: Any) -> Any:
    if get_origin(hint) is tuple:
        inner = get_args(hint)
        if len(inner) == 2 and inner[1] is Ellipsis:
            return tuple(_read(inner[0], one) for one in value)
        return tuple(_read(one, part) for one, part in zip(inner, value, strict=True))
    if get_origin(hint) in (Union, UnionType):
        return None if value is None else _read(get_args(hint)[0], value)
    if is_dataclass(hint) and isinstance(hint, type):
        return _made(hint, value)
    return date.fromisoformat(value) if hint is date else value
