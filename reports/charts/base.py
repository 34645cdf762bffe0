"""What all figures have in common."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from core.branding import Palette
from reports.charts.draw import (
    MUTED,
    WIDTH,
    clean,
    left_out,
    lines_of,
    sheet,
    standard,
    svg,
    wrap,
)

# So many values are read aloud; whoever wants all of them reads the table.
SPOKEN = 12
Drawn = tuple[list[svg.Element], float]


@dataclass(frozen=True)
class Table:
    """The figure's numbers. The first cell of a row names it; `links` lead to what it counts."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    links: tuple[str, ...] = ()

    @property
    def lines(self) -> list[tuple[str, str, tuple[str, ...]]]:
        """Name, link, and the other cells of each row."""
        links = (*self.links, *[""] * len(self.rows))
        return [(row[0], link, row[1:]) for row, link in zip(self.rows, links, strict=False)]


@dataclass(frozen=True)
class Chart:
    """A figure: what it is about, what it finds, and its data. Subclasses draw it."""

    key: str
    heading: str
    message: str

    @property
    def is_empty(self) -> bool:
        """Is there nothing to draw?"""
        raise NotImplementedError

    @property
    def spoken(self) -> Sequence[str]:
        """Each value with its name, for those who hear the figure."""
        raise NotImplementedError

    def table(self) -> Table:
        raise NotImplementedError

    def draw(self, colours: Palette) -> Drawn:
        """Shapes and height."""
        raise NotImplementedError

    @property
    def words(self) -> str:
        """The figure as sentences, with its first values."""
        if self.is_empty:
            return clean(self.message) or str(_("There is nothing to count."))
        said = [clean(one) for one in self.spoken[:SPOKEN]]
        more = len(self.spoken) - SPOKEN
        if more > 0:
            said.append(_("%(n)s more in the table") % {"n": more})
        return f"{sentence(self.heading)} {sentence(self.message)} {sentence('; '.join(said))}"

    def svg(self, colours: Palette | None = None) -> SafeString:
        """The drawing. A page colours it by its classes, a PDF by `colours`."""
        if self.is_empty:
            lines = wrap(self.words, WIDTH, 3)
            shapes: list[svg.Element] = lines_of(0, 32, lines, kind="m", fill=MUTED)
            drawn: Drawn = (shapes, 64)
        else:
            drawn = self.draw(colours or standard())
        return mark_safe(sheet(drawn[1], self.words, drawn[0]))  # noqa: S308 - draw.py escapes


def sentence(text: str) -> str:
    words = clean(text)
    return words if not words or words[-1] in ".?!" else f"{words}."


def with_rest(drawn: Drawn, rest: int) -> Drawn:
    """The drawing with a line about what it leaves out."""
    shapes, height = drawn
    return ([*shapes, *left_out(rest, height + 14)], height + 22) if rest > 0 else drawn
