"""Lines of a source with their markup taken apart."""

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

Mark: TypeAlias = Literal["", "atx", "bold"]
ATX = re.compile(r"\s{0,3}(#{1,6})(?:\s+(.*?))?(?:\s#+)?\s*$")
BOLD = re.compile(r"(\*\*|__)(?!\s)(.+?)\1\s*(:?)\s*$")
STARS = re.compile(r"\*\*|__")
PAGE_BREAK = "\f"
PAGE_MARK = re.compile(
    r"(?:side|page)\s+\d+(?:\s*(?:af|of|/)\s*\d+)?|\d+\s*(?:af|of)\s*\d+", re.IGNORECASE
)
TOP, BOTTOM = 2, 3
# Longer lines are prose; nothing is searched for in them.
LONGEST_MARKED = 400


@dataclass(slots=True)
class Line:
    """One non-blank line. `text` is free of heading marks; `gap` is a blank line before it."""

    raw: str
    text: str
    mark: Mark = ""
    level: int = 0
    gap: bool = False
    page: bool = False

    @property
    def marked(self) -> bool:
        return self.mark != ""


def split(source: str) -> list[Line]:
    """The non-blank lines of `source`; running heads and feet of pages are flagged `page`."""
    lines: list[Line] = []
    pages: list[list[Line]] = []
    for page in source.split(PAGE_BREAK):
        # A new page is no new paragraph.
        pages.append(_page_lines(page, gap=not pages))
        lines += pages[-1]
    _flag_running(pages)
    return lines


def _page_lines(page: str, *, gap: bool) -> list[Line]:
    found: list[Line] = []
    for raw in page.split("\n"):
        if raw.strip():
            found.append(_line(raw, gap=gap))
        gap = not raw.strip()
    return found


def _line(raw: str, *, gap: bool) -> Line:
    text = raw.strip()
    if len(text) > LONGEST_MARKED:
        return Line(raw, text, gap=gap)
    page = PAGE_MARK.fullmatch(text) is not None
    atx = ATX.match(raw)
    if atx and (atx[2] or "").strip():
        plain = STARS.sub("", atx[2]).strip()
        return Line(raw, plain, "atx", len(atx[1]), gap, page)
    bold = BOLD.fullmatch(text)
    if bold and "**" not in bold[2]:
        return Line(raw, bold[2].strip() + bold[3], "bold", 0, gap, page)
    return Line(raw, text, "", 0, gap, page)


def _flag_running(pages: list[list[Line]]) -> None:
    """Flag what stands at the top or bottom of at least half of the pages.

    The first page keeps its top: that is where the title stands.
    """
    if len(pages) < 2:
        return
    for edge, kept in ((slice(0, TOP), 1), (slice(-BOTTOM, None), 0)):
        shapes = [{_shape(line) for line in page[edge]} for page in pages]
        for page in pages[kept:]:
            for line in page[edge]:
                times = sum(_shape(line) in shape for shape in shapes)
                line.page = line.page or (times >= 2 and times * 2 >= len(pages))


def _shape(line: Line) -> str:
    return re.sub(r"\d+", "#", line.text)
