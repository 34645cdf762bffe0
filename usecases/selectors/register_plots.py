"""Bars, stacked bar and tile map as numbers: the template draws them as SVG and as tables."""

from collections import Counter
from dataclasses import dataclass, replace

from django.urls import reverse

from usecases.enums import Status
from usecases.filters import NONE, Filters, choices
from usecases.record import municipalities
from usecases.selectors.register import words_of_choice
from usecases.tiles import tile_map

S = Status
# Lightness of the stacked bar: what is early is light, what runs is dark.
SHADES = {
    S.DRAFT: "c1",
    S.SUBMITTED: "c1",
    S.UNDER_ASSESSMENT: "c1",
    S.PARKED: "c1",
    S.APPROVED_FOR_PILOT: "c2",
    S.PILOT: "c3",
    S.PILOT_ENDED: "c3",
    S.APPROVED_FOR_OPERATION: "c2",
    S.OPERATION: "c4",
}
WIDE = 1068
BAR = 340
ROW = 34
TILE = 46
TINTS = 4


@dataclass(frozen=True)
class Part:
    """A piece of a plot: what it says, where it leads, and where it stands."""

    label: str
    count: int
    url: str
    x: str = "0"
    y: str = "0"
    width: str = "0"
    look: str = ""
    short: str = ""


@dataclass(frozen=True)
class Plot:
    rows: list[Part]
    width: str
    height: str
    empty: list[Part]


def _url(filters: Filters, column: str, value: str) -> str:
    asked = replace(filters, look="").only(column, value)
    return f"{reverse('usecases:case_list')}?{asked.query}"


def stack(counts: Counter[str], filters: Filters) -> list[Part]:
    """How the rows spread over the states, side by side."""
    total = sum(counts.values())
    parts, left = [], 0.0
    for status in choices("status"):
        if count := counts[status]:
            width = WIDE * count / total
            words = words_of_choice("status", status)
            shade = SHADES.get(Status(status), "c5")
            url = _url(filters, "status", status)
            size = f"{max(width - 2, 1):.1f}"
            parts.append(Part(words, count, url, f"{left:.1f}", "1", size, shade))
            left += width
    return parts


def bars(column: str, counts: Counter[str], filters: Filters) -> Plot:
    """One bar per value that has rows; the longest fills the width."""
    values = [value for value in [*choices(column), NONE] if counts[value]]
    most = max(counts.values(), default=1)
    rows = [
        Part(
            label=words_of_choice(column, value),
            count=counts[value],
            url=_url(filters, column, value),
            y=str(ROW * place),
            width=f"{max(BAR * counts[value] / most, 2):.1f}",
        )
        for place, value in enumerate(values)
    ]
    return Plot(rows, "640", str(ROW * len(rows)), [])


def tiles(counts: Counter[str], filters: Filters) -> Plot:
    """A square for each municipality; darker with more rows."""
    land = tile_map()
    most = max((n for code, n in counts.items() if code != NONE), default=1)
    rows: list[Part] = []
    empty: list[Part] = []
    for code, name in municipalities().items():
        column, row = land.places[code]
        count = counts[code]
        part = Part(
            label=name,
            count=count,
            url=_url(filters, "municipality", code),
            x=str(column * TILE),
            y=str(row * TILE),
            look=_tint(count, most, chosen=code in filters.municipality),
            short=name[:5],
        )
        (rows if count else empty).append(part)
    return Plot(rows, str(land.columns * TILE), str(land.rows * TILE), empty)


def _tint(count: int, most: int, *, chosen: bool) -> str:
    step = -(-TINTS * count // most) if count else 0
    return f"t{step}{' is-chosen' if chosen else ''}"
