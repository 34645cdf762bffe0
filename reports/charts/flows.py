"""From one state to another: a table with arrows as thick as what went through them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.branding import Palette
from reports.charts.base import Chart, Drawn, Table, with_rest
from reports.charts.draw import (
    LINE,
    MOST,
    WIDTH,
    amounts,
    at,
    lines_of,
    number,
    plain,
    points,
    rule,
    svg,
    text,
    width_of,
    wrap,
)

SIDE = 200.0
THICKEST = 16.0


@dataclass(frozen=True)
class Flow:
    source: str
    target: str
    value: int
    url: str = ""


@dataclass(frozen=True)
class Flows(Chart):
    """One arrow per pair of states; those from the same state stand together."""

    rows: tuple[Flow, ...]
    unit: str
    note: str = ""
    url: str = ""

    @property
    def is_empty(self) -> bool:
        return not any(amounts(row.value for row in self.rows))

    @property
    def together(self) -> list[Flow]:
        """In the order in which each source came first."""
        order = {row.source: place for place, row in reversed(list(enumerate(self.rows)))}
        return sorted(self.rows, key=lambda row: order[row.source])

    @property
    def spoken(self) -> Sequence[str]:
        said = _("%(n)s from %(source)s to %(target)s")
        return [
            said % {"n": number(row.value), "source": row.source, "target": row.target}
            for row in self.together
        ]

    def table(self) -> Table:
        rows = tuple(
            (plain(row.source), plain(row.target), number(row.value)) for row in self.together
        )
        return Table(
            (_("From"), _("To"), plain(self.unit)), rows, tuple(row.url for row in self.together)
        )

    def draw(self, colours: Palette) -> Drawn:
        rows = self.together[:MOST]
        sizes = amounts(row.value for row in rows)
        most = max(*sizes, 1.0)
        room = max(width_of(number(row.value)) * 1.1 for row in rows) + 8
        start, end = SIDE + 12, WIDTH - SIDE - 12
        shapes: list[svg.Element] = []
        y, before = 0.0, ""
        for place, (row, amount) in enumerate(zip(rows, sizes, strict=True)):
            source = wrap(row.source, SIDE) if not place or row.source != before else []
            target = wrap(row.target, SIDE)
            if source and place:
                shapes.append(rule(0, y + 3, WIDTH, y + 3))
                y += 6
            high = max(28, max(len(source), len(target)) * LINE + 6)
            middle = y + high / 2
            shapes += lines_of(0, middle, source, bold=True) if source else []
            thick = max(THICKEST * amount / most, 1.5) if amount else 1.0
            shapes += _arrow((start, end - room), middle, thick, colours)
            shapes.append(text(end - room + 8, middle + 5, number(row.value), kind="n", bold=True))
            shapes += lines_of(end + 12, middle, target)
            y, before = y + high, row.source
        return with_rest((shapes, y), len(self.rows) - MOST)


def _arrow(
    span: tuple[float, float], y: float, thick: float, colours: Palette
) -> list[svg.Element]:
    start, end = span
    half = max(thick / 2 + 4, 6)
    # The shaft's width is what counts, the head only says the direction.
    tip = half
    shaft = svg.Rect(
        x=at(start), y=at(y - thick / 2), width=at(max(end - tip - start, 1)), height=at(thick),
        class_=["k-flow"], fill=colours.brand_2,
    )  # fmt: skip
    corners = points((end - tip, y - half), (end, y), (end - tip, y + half))
    return [shaft, svg.Polygon(points=corners, class_=["k-head"], fill=colours.brand_text)]
