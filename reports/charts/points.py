"""Points in a plane, and lines over time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from core.branding import Palette
from reports.charts.bars import Look
from reports.charts.base import Chart, Drawn, Table, with_rest
from reports.charts.draw import (
    EDGE,
    INK,
    LINE,
    MUTED,
    SIZE,
    WIDTH,
    at,
    clean,
    cut,
    day,
    known,
    lines_of,
    month,
    number,
    paint,
    plain,
    points,
    rule,
    short_day,
    size_of,
    steps,
    svg,
    text,
    width_of,
    wrap,
)

RADIUS = 10.0
MOST_DOTS = 60
SCATTER_HIGH = 330.0


@dataclass(frozen=True)
class Axis:
    """What runs from `low` to `high`; `ticks` name some of the places in between."""

    label: str
    low: float = 0
    high: float = 4
    ticks: tuple[tuple[float, str], ...] = ()

    def share(self, value: float) -> float:
        """0 at the low end, 1 at the high end; what lies outside stands at the end."""
        amount = size_of(value)
        span = self.high - self.low
        if amount is None or not span or size_of(span) is None:
            return 0.5
        return min(max((amount - self.low) / span, 0.0), 1.0)


@dataclass(frozen=True)
class Dot:
    label: str
    x: float
    y: float
    look: Look = "main"
    url: str = ""


@dataclass(frozen=True)
class Scatter(Chart):
    """Numbered dots; the table says who they are."""

    x_axis: Axis
    y_axis: Axis
    dots: tuple[Dot, ...]
    note: str = ""
    url: str = ""

    @property
    def is_empty(self) -> bool:
        return not self.dots

    @property
    def spoken(self) -> Sequence[str]:
        x, y = clean(self.x_axis.label).lower(), clean(self.y_axis.label).lower()
        return [f"{dot.label}: {y} {number(dot.y)}, {x} {number(dot.x)}" for dot in self.dots]

    def table(self) -> Table:
        heads = (_("Name"), _("No."), plain(self.y_axis.label), plain(self.x_axis.label))
        rows = tuple(
            (plain(dot.label), str(place), number(dot.y), number(dot.x))
            for place, dot in enumerate(self.dots, 1)
        )
        return Table(heads, rows, tuple(dot.url for dot in self.dots))

    def draw(self, colours: Palette) -> Drawn:
        ticks = [cut(clean(word), 120, 13) for _value, word in self.y_axis.ticks]
        left = max((width_of(word, 13) for word in ticks), default=0) + 12
        top, right = 24.0, WIDTH - 8
        bottom = top + SCATTER_HIGH
        shapes = self._frame(left, top, right, bottom)
        dots = self.dots[:MOST_DOTS]
        pad = RADIUS + 4
        wanted = [
            (
                left + pad + self.x_axis.share(dot.x) * (right - left - 2 * pad),
                bottom - pad - self.y_axis.share(dot.y) * (bottom - top - 2 * pad),
            )
            for dot in dots
        ]
        places = apart(wanted, (left + pad, top + pad, right - pad, bottom - pad))
        for count, (dot, (x, y)) in enumerate(zip(dots, places, strict=True), 1):
            ground, outline, words = paint(dot.look, colours)
            shapes.append(
                svg.Circle(
                    cx=at(x), cy=at(y), r=RADIUS, class_=[f"k-{known(dot.look)}"], fill=ground,
                    stroke=outline, stroke_width=1.5,
                )
            )  # fmt: skip
            kind = "n" if words == INK else "v"
            shapes.append(
                text(x, y + 4, str(count), kind=kind, anchor="middle", size=11, bold=True,
                     fill=words)
            )  # fmt: skip
        return with_rest((shapes, bottom + 46), len(self.dots) - MOST_DOTS)

    def _frame(self, left: float, top: float, right: float, bottom: float) -> list[svg.Element]:
        pad = RADIUS + 4
        up = cut(f"↑ {clean(self.y_axis.label)}", WIDTH - 8)
        along = cut(f"{clean(self.x_axis.label)} →", WIDTH - 8)
        shapes: list[svg.Element] = [
            svg.Rect(
                x=at(left), y=at(top), width=at(right - left), height=at(bottom - top),
                class_=["frame"], fill="none", stroke=EDGE, stroke_width=1,
            ),
            text(0, 14, up, kind="a", bold=True),
            text(right, bottom + 40, along, kind="a", anchor="end", bold=True),
        ]  # fmt: skip
        for value, word in self.y_axis.ticks:
            y = bottom - pad - self.y_axis.share(value) * (bottom - top - 2 * pad)
            shapes.append(rule(left, y, right, y))
            shapes += lines_of(left - 8, y, [cut(clean(word), 120, 13)], kind="m", anchor="end",
                               fill=MUTED, size=13)  # fmt: skip
        for x, word in self._columns(left + pad, right - pad):
            shapes.append(rule(x, top, x, bottom))
            shapes.append(
                text(x, bottom + 18, word, kind="m", anchor="middle", size=13, fill=MUTED)
            )
        return shapes

    def _columns(self, left: float, right: float) -> list[tuple[float, str]]:
        """The ticks under the plot, each cut to its own share of the width."""
        room = (right - left) / max(len(self.x_axis.ticks), 1)
        return [
            (_inside(x, words), words)
            for value, word in self.x_axis.ticks
            for x, words in [
                (left + self.x_axis.share(value) * (right - left), cut(clean(word), room, 13))
            ]
        ]


def _inside(x: float, words: str) -> float:
    half = width_of(words, 13) / 2
    return min(max(x, half), WIDTH - half)


def apart(
    wanted: Sequence[tuple[float, float]], box: tuple[float, float, float, float]
) -> list[tuple[float, float]]:
    """Each dot at its place, or at the nearest where it covers no earlier one."""
    step = 2 * RADIUS + 3
    reach = 6
    grid = range(-reach, reach + 1)
    offsets = sorted(
        ((dx * step, dy * step) for dx in grid for dy in grid),
        key=lambda one: (one[0] ** 2 + one[1] ** 2, one),
    )
    left, top, right, bottom = box
    taken: list[tuple[float, float]] = []
    for x, y in wanted:
        free = (
            (x + dx, y + dy)
            for dx, dy in offsets
            if left <= x + dx <= right and top <= y + dy <= bottom
            and all((x + dx - a) ** 2 + (y + dy - b) ** 2 >= (step - 1) ** 2 for a, b in taken)
        )  # fmt: skip
        taken.append(next(free, (x, y)))
    return taken


# Lines over time -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Series:
    name: str
    points: tuple[tuple[date, float], ...]


DASHES = ((), (7, 4), (2, 3), (10, 3, 2, 3))
MOST_SERIES = 8
LINES_HIGH = 220.0
NAMES = 150.0


@dataclass(frozen=True)
class Lines(Chart):
    """Lines told apart by their dashes, their marks and the name at their end."""

    series: tuple[Series, ...]
    unit: str
    note: str = ""
    url: str = ""

    @property
    def is_empty(self) -> bool:
        return not any(one.points for one in self.series)

    @property
    def days(self) -> list[date]:
        return sorted({on for one in self.series for on, _value in one.points})

    @property
    def spoken(self) -> Sequence[str]:
        return [
            f"{one.name}: "
            + ", ".join(
                _("%(n)s on %(day)s") % {"n": number(value), "day": day(on)}
                for on, value in (one.points[:1] if len(one.points) == 1 else _ends(one))
            )
            for one in self.series
            if one.points
        ]

    def table(self) -> Table:
        values = [dict(one.points) for one in self.series]
        rows = tuple(
            (day(on), *(number(found[on]) if on in found else "–" for found in values))
            for on in self.days
        )
        return Table((_("Date"), *(plain(one.name) for one in self.series)), rows)

    def draw(self, colours: Palette) -> Drawn:
        shown = [one for one in self.series if one.points][:MOST_SERIES]
        ends = [wrap(f"{number(_last(one))} {one.name}", NAMES, 2) for one in shown]
        most = max((size_of(v) or 0 for one in shown for _on, v in one.points), default=0)
        scale = steps(most)
        high = max(LINES_HIGH, sum(len(lines) * LINE + 6 for lines in ends))
        left = max(width_of(number(step), 13) for step in scale) + 8
        plot = Plane(left, 22.0, WIDTH - NAMES - 14, 22.0 + high, self.days, scale[-1] or 1.0)
        shapes = plot.frame(scale, cut(clean(self.unit), WIDTH - 8))
        tips = []
        for place, one in enumerate(shown):
            shapes += plot.line(one, place, colours)
            tips.append(plot.y(_last(one)))
        for lines, middle in zip(ends, spread(tips, ends, plot.top, plot.bottom), strict=True):
            shapes += lines_of(plot.right + 14, middle, lines, kind="n", bold=True)
        return with_rest((shapes, plot.bottom + 28), len(self.series) - MOST_SERIES)


@dataclass(frozen=True)
class Plane:
    """The field between the axes: dates along, amounts up."""

    left: float
    top: float
    right: float
    bottom: float
    days: list[date]
    most: float

    def x(self, on: date) -> float:
        first, last = self.days[0], self.days[-1]
        if first == last:
            return (self.left + self.right) / 2
        room = self.right - self.left - 12
        return self.left + 6 + room * (on - first).days / (last - first).days

    def y(self, value: float) -> float:
        share = min(max((size_of(value) or 0) / self.most, 0), 1)
        return self.bottom - share * (self.bottom - self.top)

    def frame(self, scale: Sequence[float], unit: str) -> list[svg.Element]:
        shapes: list[svg.Element] = [text(0, 12, unit, kind="m", fill=MUTED, size=13)]
        for step in scale:
            y = self.y(step)
            shapes.append(rule(self.left, y, self.right, y))
            shapes += lines_of(self.left - 8, y, [number(step)], kind="m", anchor="end",
                               fill=MUTED, size=13)  # fmt: skip
        shapes.append(
            rule(self.left, self.bottom, self.right, self.bottom, kind="axis", stroke=INK)
        )
        return shapes + self._dates()

    def _dates(self) -> list[svg.Element]:
        """Dates under the axis, as many as stand clear of each other."""
        long = (self.days[-1] - self.days[0]).days > 300
        shapes: list[svg.Element] = []
        free = 0.0
        for on in self.days:
            words = month(on) if long else short_day(on)
            half = width_of(words, 13) / 2
            x = min(max(self.x(on), half), WIDTH - half)
            if x - half >= free:
                shapes.append(
                    text(x, self.bottom + 20, words, kind="m", anchor="middle", size=13, fill=MUTED)
                )
                free = x + half + 12
        return shapes

    def line(self, one: Series, place: int, colours: Palette) -> list[svg.Element]:
        """A line through its points, and a mark for each when they are few."""
        places = [(self.x(on), self.y(value)) for on, value in sorted(one.points, key=_on)]
        dashes: list[Any] = list(DASHES[place % len(DASHES)])
        stroke = colours.brand_text if place % 2 == 0 else INK
        kind = "l-main" if place % 2 == 0 else "l-ink"
        shapes: list[svg.Element] = []
        if len(places) > 1:
            shapes.append(
                svg.Polyline(
                    points=points(*places), class_=[kind], fill="none", stroke=stroke,
                    stroke_width=2.2,
                    stroke_dasharray=dashes or None,
                )
            )  # fmt: skip
        marks = places if len(places) <= 14 else places[-1:]
        return shapes + [_mark(x, y, place, (kind, stroke)) for x, y in marks]


def _on(point: tuple[date, float]) -> date:
    return point[0]


def _ends(one: Series) -> list[tuple[date, float]]:
    points = sorted(one.points, key=_on)
    return [points[0], points[-1]]


def _last(one: Series) -> float:
    return max(one.points, key=_on)[1]


def _mark(x: float, y: float, place: int, ink: tuple[str, str]) -> svg.Element:
    """Disc, square, ring, diamond: one shape for each series."""
    kind, stroke = ink
    if place % 4 == 0:
        return svg.Circle(cx=at(x), cy=at(y), r=4.5, class_=[f"{kind}-d"], fill=stroke)
    if place % 4 == 1:
        return svg.Rect(x=at(x - 4), y=at(y - 4), width=8, height=8, class_=[f"{kind}-d"],
                        fill=stroke)  # fmt: skip
    if place % 4 == 2:
        return svg.Circle(cx=at(x), cy=at(y), r=4.5, class_=[f"{kind}-r"], fill="#ffffff",
                          stroke=stroke, stroke_width=2)  # fmt: skip
    corners = points((x, y - 5.5), (x + 5.5, y), (x, y + 5.5), (x - 5.5, y))
    return svg.Polygon(points=corners, class_=[f"{kind}-r"], fill="#ffffff", stroke=stroke,
                       stroke_width=2)  # fmt: skip


def spread(
    wanted: Sequence[float], lines: Sequence[Sequence[str]], top: float, bottom: float
) -> list[float]:
    """The middles of labels as near to where they belong as they can stand clear."""
    order = sorted(range(len(wanted)), key=lambda place: (wanted[place], place))
    halves = [(len(lines[place]) * LINE + 4) / 2 for place in order]
    found: list[float] = []
    for place, half in zip(order, halves, strict=True):
        above = found[-1] + halves[len(found) - 1] + half if found else top + half - SIZE / 2
        found.append(max(wanted[place], above))
    floor = bottom + SIZE / 2
    for index in range(len(found) - 1, -1, -1):
        found[index] = min(found[index], floor - halves[index])
        floor = found[index] - halves[index]
    middles = dict(zip(order, found, strict=True))
    return [middles[place] for place in range(len(wanted))]
