"""Horizontal bars, and bars made of parts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _

from core.branding import Palette
from reports.charts.base import Chart, Drawn, Table, with_rest
from reports.charts.draw import (
    LINE,
    MOST,
    MUTED,
    SIZE,
    WIDTH,
    amounts,
    block,
    clean,
    legend,
    lines_of,
    number,
    paint,
    plain,
    svg,
    text,
    width_of,
    wrap,
)

Look = Literal["main", "soft", "pale", "late"]
LABEL = 210.0
GAP = 10


@dataclass(frozen=True)
class Bar:
    label: str
    value: float
    look: Look = "main"
    url: str = ""


@dataclass(frozen=True)
class Bars(Chart):
    """One bar per row, its label to the left and its number to the right."""

    rows: tuple[Bar, ...]
    unit: str
    note: str = ""
    url: str = ""

    @property
    def is_empty(self) -> bool:
        return not any(amounts(row.value for row in self.rows))

    @property
    def spoken(self) -> Sequence[str]:
        return [f"{row.label}: {number(row.value)}" for row in self.rows]

    def table(self) -> Table:
        rows = tuple((plain(row.label), number(row.value)) for row in self.rows)
        heads = (plain(self.heading), plain(self.unit))
        return Table(heads, rows, tuple(row.url for row in self.rows))

    def draw(self, colours: Palette) -> Drawn:
        rows = self.rows[:MOST]
        names = [wrap(row.label, LABEL) for row in rows]
        left = label_column(names)
        numbers = [number(row.value) for row in rows]
        room = WIDTH - left - max(width_of(one) for one in numbers) * 1.1 - 8
        sizes = amounts(row.value for row in rows)
        most = max(*sizes, 1.0) if any(sizes) else 1.0
        shapes: list[svg.Element] = []
        y = 0.0
        for row, lines, amount, words in zip(rows, names, sizes, numbers, strict=True):
            high = row_height(lines, len(rows))
            width = room * amount / most
            shapes += lines_of(0, y + high / 2, lines)
            shapes += block(left, y + (high - 18) / 2, width, 18, row.look, colours)
            shapes.append(text(left + width + 8, y + high / 2 + 5, words, kind="n", bold=True))
            y += high
        return with_rest((shapes, y), len(self.rows) - MOST)


@dataclass(frozen=True)
class Stack:
    label: str
    values: tuple[int, ...]
    url: str = ""


@dataclass(frozen=True)
class Stacked(Chart):
    """Bars of parts: each part its number inside where it has room, the total to the right."""

    series: tuple[tuple[str, Look], ...]
    rows: tuple[Stack, ...]
    unit: str
    note: str = ""
    url: str = ""

    def parts(self, row: Stack) -> list[float]:
        """A number for each series, 0 where none is given."""
        values = (*row.values, *[0] * len(self.series))[: len(self.series)]
        return amounts(values)

    @property
    def is_empty(self) -> bool:
        return not any(sum(self.parts(row)) for row in self.rows)

    @property
    def spoken(self) -> Sequence[str]:
        names = [name.lower() for name, _look in self.series]
        return [
            f"{row.label}: "
            + ", ".join(
                f"{number(value)} {name}"
                for value, name in zip(self.parts(row), names, strict=True)
            )
            for row in self.rows
        ]

    def table(self) -> Table:
        heads = (plain(self.heading), *(plain(name) for name, _look in self.series), _("In total"))
        rows = tuple(
            (
                plain(row.label),
                *(number(value) for value in self.parts(row)),
                number(sum(self.parts(row))),
            )
            for row in self.rows
        )
        return Table(heads, rows, tuple(row.url for row in self.rows))

    def draw(self, colours: Palette) -> Drawn:
        rows = self.rows[:MOST]
        names = [wrap(row.label, LABEL) for row in rows]
        left = label_column(names)
        totals = [_("%(n)s in total") % {"n": number(sum(self.parts(row)))} for row in rows]
        room = WIDTH - left - max(width_of(clean(one), 13) for one in totals) - 8
        most = max(*(sum(self.parts(row)) for row in rows), 1.0)
        shapes: list[svg.Element] = []
        y = 0.0
        for row, lines, total in zip(rows, names, totals, strict=True):
            high = row_height(lines, len(rows)) + (6 if len(rows) <= 20 else 0)
            middle, tall = y + high / 2, min(high - 4, 24)
            shapes += lines_of(0, middle, lines)
            end = self._row(shapes, row, (left, middle, tall), room / most, colours)
            shapes.append(text(end + 8, middle + 5, clean(total), kind="m", fill=MUTED, size=13))
            y += high
        key, end = legend(y + 8, self.series, colours)
        return with_rest(([*shapes, *key], end), len(self.rows) - MOST)

    def _row(
        self, shapes: list[svg.Element], row: Stack, where: tuple[float, float, float],
        unit: float, colours: Palette,
    ) -> float:  # fmt: skip
        """Draw the parts of one row; where they end."""
        x, middle, tall = where
        for value, (_name, look) in zip(self.parts(row), self.series, strict=True):
            width = value * unit
            if not value:
                continue
            shapes += block(x, middle - tall / 2, width, tall, look, colours)
            words = number(value)
            if width_of(words) * 1.1 + 10 <= width:
                fill = paint(look, colours)[2]
                kind = "v" if fill == paint("main", colours)[2] else "n"
                shapes.append(
                    text(x + 7, middle + 5, words, kind=kind, bold=True, fill=fill, size=13)
                )
            x += width
        return x


def label_column(names: Sequence[Sequence[str]]) -> float:
    """Where the bars begin: beside the longest label."""
    return max((width_of(line, SIZE) for lines in names for line in lines), default=0) + GAP


def row_height(lines: Sequence[str], rows: int) -> float:
    """Many rows stand closer, so that forty of them are one page."""
    usual = 27 if rows <= 20 else 20
    return max(usual, len(lines) * LINE + (8 if rows <= 20 else 3))
