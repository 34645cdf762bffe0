"""What happened and what is to come, from one day to another."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from core.branding import Palette
from reports.charts.base import Chart, Drawn, Table, with_rest
from reports.charts.draw import (
    INK,
    LINE,
    MUTED,
    PAPER,
    WIDTH,
    at,
    clean,
    day,
    month,
    plain,
    points,
    rule,
    short_day,
    svg,
    text,
    width_of,
    wrap,
)

MOST_MARKS = 60
# With more, the drawing has numbers, and the table says what they are.
MOST_NAMES = 14
NAME = 150.0
SIDE = 12.0
LANE = LINE * 2 + 4
NUMBER_LANE = 16.0


@dataclass(frozen=True)
class Mark:
    """`kind` gives the shape: meeting (disc), milestone (diamond), due (triangle), other (ring)."""

    on: date
    label: str
    kind: str = "other"
    url: str = ""


@dataclass(frozen=True)
class Timeline(Chart):
    """Marks on a line, with today; their names stand clear of each other above it."""

    start: date
    end: date
    today: date | None
    marks: tuple[Mark, ...]
    note: str = ""
    url: str = ""

    @property
    def is_empty(self) -> bool:
        return not self.marks

    @property
    def ordered(self) -> list[Mark]:
        return sorted(self.marks, key=lambda mark: (mark.on, mark.label))

    @property
    def spoken(self) -> Sequence[str]:
        return [f"{day(mark.on)}: {mark.label}" for mark in self.ordered]

    @property
    def is_numbered(self) -> bool:
        return len(self.marks) > MOST_NAMES

    def table(self) -> Table:
        rows = []
        for place, mark in enumerate(self.ordered, 1):
            numbered = (str(place),) if self.is_numbered else ()
            rows.append((day(mark.on), *numbered, plain(mark.label)))
        heads = (_("Date"), *((_("No."),) if self.is_numbered else ()), _("What"))
        return Table(heads, tuple(rows), tuple(mark.url for mark in self.ordered))

    def draw(self, colours: Palette) -> Drawn:
        marks = self.ordered[:MOST_MARKS]
        names = [
            [str(place)] if self.is_numbered else wrap(mark.label, NAME, 2, 13)
            for place, mark in enumerate(marks, 1)
        ]
        spare = 1 if self.is_numbered else 10
        widths = [max(width_of(line, 13) for line in lines) + spare for lines in names]
        right = WIDTH - max(widths) - SIDE
        xs = [self._x(mark.on, right) for mark in marks]
        levels = rows_of(xs, widths) if self.is_numbered else lanes(xs, widths)
        lane = NUMBER_LANE if self.is_numbered else LANE
        line = (max(levels) + 1) * lane + 14
        shapes: list[svg.Element] = []
        for x, lines, level in zip(xs, names, levels, strict=True):
            top = line - 14 - (level + 1) * lane
            if self.is_numbered:
                shapes.append(text(x, top + 13, lines[0], anchor="middle", size=12))
                continue
            shapes.append(rule(x, top + 2, x, line, kind="lead", stroke=MUTED))
            shapes += [
                text(x + 4, top + 13 + place * 16, words, size=13)
                for place, words in enumerate(lines)
            ]
        shapes += self._axis(line, right, colours)
        for x, mark in zip(xs, marks, strict=True):
            shapes.append(_shape(x, line, mark.kind, colours))
        return with_rest((shapes, line + 46), len(self.marks) - MOST_MARKS)

    def _x(self, on: date, right: float) -> float:
        """What lies outside stands at the end."""
        first, last = min(self.start, self.end), max(self.start, self.end)
        span = max((last - first).days, 1)
        share = min(max((on - first).days / span, 0), 1)
        return SIDE + share * (right - SIDE)

    def _axis(self, line: float, right: float, colours: Palette) -> list[svg.Element]:
        shapes: list[svg.Element] = [
            rule(SIDE, line, right, line, kind="axis", stroke=INK, width=2)
        ]
        free = 0.0
        for on, words in self._ticks():
            x, half = self._x(on, right), width_of(words, 13) / 2
            x_text = min(max(x, half), WIDTH - half)
            if x_text - half < free or self._is_today(x_text, half, right):
                continue
            shapes.append(rule(x, line, x, line + 9, kind="axis", stroke=INK))
            shapes.append(
                text(x_text, line + 24, words, kind="m", anchor="middle", size=13, fill=MUTED)
            )
            free = x_text + half + 10
        return shapes + self._now(line, right, colours)

    def _is_today(self, x: float, half: float, right: float) -> bool:
        """Would the line of today cross a label?"""
        return self.shows_today and self.today is not None and (
            abs(self._x(self.today, right) - x) < half + 4
        )  # fmt: skip

    @property
    def shows_today(self) -> bool:
        first, last = min(self.start, self.end), max(self.start, self.end)
        return self.today is not None and first <= self.today <= last

    def _now(self, line: float, right: float, colours: Palette) -> list[svg.Element]:
        """Where we are; nothing when that is outside the line."""
        if self.today is None or not self.shows_today:
            return []
        x = self._x(self.today, right)
        words = _("Today, %(day)s") % {"day": short_day(self.today)}
        half = width_of(clean(words), 13) / 2
        return [
            svg.Rect(
                x=at(SIDE), y=at(line - 3), width=at(max(x - SIDE, 0)), height=6,
                class_=["k-main"], fill=colours.brand_text,
            ),
            rule(x, line - 10, x, line + 30, kind="now", stroke=INK, width=2.5),
            text(min(max(x, half), WIDTH - half), line + 42, clean(words), kind="n",
                 anchor="middle", size=13, bold=True),
        ]  # fmt: skip

    def _ticks(self) -> list[tuple[date, str]]:
        first, last = min(self.start, self.end), max(self.start, self.end)
        if (last - first).days < 60:
            span = (last - first).days
            days = [first + timedelta(days=round(span * part / 4)) for part in range(5)]
            return [(on, short_day(on)) for on in dict.fromkeys(days)]
        return [(on, month(on)) for on in _months(first, last)]


def _months(first: date, last: date) -> list[date]:
    """The first of months, at most eight of them, evenly."""
    count = (last.year - first.year) * 12 + last.month - first.month
    pace = max(1, -(-count // 7))
    index = first.year * 12 + first.month - 1 + (1 if first.day > 1 else 0)
    found = []
    while index <= last.year * 12 + last.month - 1 and index // 12 < date.max.year:
        found.append(date(index // 12, index % 12 + 1, 1))
        index += pace
    return found


def lanes(xs: Sequence[float], widths: Sequence[float]) -> list[int]:
    """A lane for each name, so that no name covers another or is crossed by another's line.

    From the right to the left: a name stands above all that begin within its width.
    """
    found = [0] * len(xs)
    for place in range(len(xs) - 1, -1, -1):
        within = [
            found[later]
            for later in range(place + 1, len(xs))
            if xs[later] < xs[place] + widths[place]
        ]
        found[place] = max(within) + 1 if within else 0
    return found


def rows_of(xs: Sequence[float], widths: Sequence[float]) -> list[int]:
    """The lowest row in which a number stands clear of those before it."""
    ends: list[float] = []
    found = []
    for x, width in zip(xs, widths, strict=True):
        left = x - width / 2
        row = next((place for place, end in enumerate(ends) if end <= left), len(ends))
        ends[row : row + 1] = [x + width / 2]
        found.append(row)
    return found


def _shape(x: float, y: float, kind: str, colours: Palette) -> svg.Element:
    if kind == "meeting":
        return svg.Circle(cx=at(x), cy=at(y), r=6, class_=["k-main"], fill=colours.brand_text,
                          stroke=PAPER, stroke_width=1.5)  # fmt: skip
    if kind == "milestone":
        corners = points((x, y - 9), (x + 9, y), (x, y + 9), (x - 9, y))
    elif kind == "due":
        corners = points((x, y - 8), (x + 8, y + 6), (x - 8, y + 6))
    else:
        return svg.Circle(cx=at(x), cy=at(y), r=6, class_=["k-ring"], fill=PAPER,
                          stroke=colours.brand_text, stroke_width=2.5)  # fmt: skip
    return svg.Polygon(points=corners, class_=["k-ink"], fill=INK, stroke=PAPER, stroke_width=1.5)
