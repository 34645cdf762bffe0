"""What every figure is drawn with: text that fits, numbers in Danish, looks told apart in grey."""

import math
import re
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from html import escape
from typing import Any, Literal

import svg
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from core.branding import Palette, palette
from core.templatetags.ur import protect

# The drawing's own units; page and PDF scale it. 640 units are the 160 mm of a printed page.
WIDTH = 640.0
SIZE = 14
LINE = 17
INK, MUTED, EDGE, HAIR, PAPER = "#1a1a1a", "#454545", "#757575", "#dcdcdc", "#ffffff"
STANDARD_COLOUR = "#0b4f5c"
# Rows and marks that are drawn; the table has them all.
MOST = 40
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
NARROW = frozenset(" iljtfrI.,:;'|!()[]/\u00a0-")
WIDE = frozenset("mwMW@%&ÆæŒœ—…©¶¼½¾")
SPECIAL = 1.4
Anchor = Literal["start", "middle", "end"]
ELLIPSIS = "…"


@cache
def standard() -> Palette:
    return palette(STANDARD_COLOUR)


# Text ----------------------------------------------------------------------------------------


def clean(text: object) -> str:
    """One line of characters that XML may hold."""
    return " ".join(NOT_XML.sub("", str(text)).split())


def plain(text: object) -> str:
    """The same with protected spaces."""
    return protect(NOT_XML.sub("", str(text)))


def _em(char: str) -> float:
    if char in NARROW:
        return 0.44
    if char in WIDE:
        return 1.0
    if char in "#ß¤":
        return 0.74
    if ord(char) > 0x17F and char not in "–’‘”“•":
        return SPECIAL
    return 0.74 if char.isupper() or ord(char) > 0xFF else 0.62


def width_of(text: str, size: float = SIZE) -> float:
    """How wide `text` is at most; on the safe side, as fonts are not asked."""
    return sum(_em(char) for char in text) * size


def cut(text: str, room: float, size: float = SIZE) -> str:
    """As much of `text` as there is room for; the table has the rest."""
    if width_of(text, size) <= room:
        return text
    left, used = "", width_of(ELLIPSIS, size)
    for char in text:
        used += _em(char) * size
        if used > room:
            break
        left += char
    return left.rstrip() + ELLIPSIS


def wrap(text: object, room: float, lines: int = 2, size: float = SIZE) -> list[str]:
    """`text` in at most so many lines that fit; at least one."""
    found: list[str] = []
    words = clean(text).split(" ")
    while words and len(found) < lines - 1:
        line = words.pop(0)
        while words and width_of(f"{line} {words[0]}", size) <= room:
            line += f" {words.pop(0)}"
        found.append(cut(line, room, size))
    if words:
        found.append(cut(" ".join(words), room, size))
    return found


def number(value: float) -> str:
    """1.234 and 0,5; a dash for what is no number."""
    amount = size_of(value)
    if amount is None:
        return "–"
    if abs(amount) >= 1e12:
        return f"{amount:.2e}".replace(".", ",")
    if amount == int(amount):
        return number_format(int(amount), use_l10n=True, force_grouping=True)
    return number_format(round(amount, 1), 1, use_l10n=True, force_grouping=True)


def size_of(value: float | None) -> float | None:
    """A finite number, or None."""
    try:
        amount = float(value) if value is not None else math.nan
    except OverflowError:
        return None
    return amount if math.isfinite(amount) and abs(amount) < 1e300 else None


def amounts(values: Iterable[float]) -> list[float]:
    """Lengths that can be drawn: nothing below 0, nothing that is no number."""
    return [max(size_of(value) or 0.0, 0.0) for value in values]


def day(value: date) -> str:
    """25. februar 2026"""
    return protect(date_format(value, "j. F Y" if _is_danish() else "j F Y"))


def short_day(value: date) -> str:
    """25. feb"""
    return protect(date_format(value, "j. b" if _is_danish() else "j M"))


def month(value: date) -> str:
    """feb 2026"""
    return protect(date_format(value, "b Y" if _is_danish() else "M Y"))


def _is_danish() -> bool:
    from django.utils.translation import get_language

    return (get_language() or "da").startswith("da")


# Shapes --------------------------------------------------------------------------------------


def at(value: float) -> float:
    """One decimal is a tenth of a millimetre at most."""
    return round(value, 1)


def points(*pairs: tuple[float, float]) -> Any:
    """Corners as the library writes them; its types know them as pairs only."""
    return [at(value) for pair in pairs for value in pair]


def text(
    x: float, y: float, words: str, *, kind: str = "", anchor: Anchor = "start", size: float = SIZE,
    bold: bool = False, fill: str = INK,
) -> svg.Element:  # fmt: skip
    """A line of text. `kind` is its class: what a page colours it by."""
    return svg.Text(
        x=at(x), y=at(y), text=escape(words) or " ", class_=[kind or "t"], font_size=size,
        font_family="IBM Plex Sans", font_weight="600" if bold else "400", fill=fill,
        text_anchor=anchor,
    )  # fmt: skip


def lines_of(
    x: float, y: float, lines: Sequence[str], *, kind: str = "", anchor: Anchor = "start",
    bold: bool = False, fill: str = INK, size: float = SIZE,
) -> list[svg.Element]:  # fmt: skip
    """Lines whose middle is `y`."""
    first = y - (len(lines) - 1) * LINE / 2 + size * 0.36
    return [
        text(x, first + place * LINE, line, kind=kind, anchor=anchor, bold=bold, fill=fill,
             size=size)
        for place, line in enumerate(lines)
    ]  # fmt: skip


def paint(look: str, colours: Palette) -> tuple[str, str, str]:
    """Ground, outline and the colour of a number on it."""
    return {
        "soft": (colours.brand_2, colours.brand_text, INK),
        "pale": (colours.brand_tint, colours.brand_text, INK),
        "late": (INK, INK, PAPER),
    }.get(look, (colours.brand_text, colours.brand_text, PAPER))


def known(look: str) -> str:
    return look if look in ("soft", "pale", "late") else "main"


def block(
    where: tuple[float, float], width: float, height: float, look: str, colours: Palette
) -> list[svg.Element]:
    """A bar, told apart by its ground and its outline; the late ones have a white line within."""
    x, y = where
    ground, outline, _number = paint(look, colours)
    # The outline is drawn inside, so that a bar is as long as its number.
    inset = min(0.5, width / 2)
    shapes: list[svg.Element] = [
        svg.Rect(
            x=at(x + inset), y=at(y + 0.5), width=at(max(width - 1, 0)), height=at(height - 1),
            class_=[f"k-{known(look)}"], fill=ground, stroke=outline, stroke_width=1,
        )
    ]  # fmt: skip
    if known(look) == "late" and width > 9:
        shapes.append(
            svg.Rect(
                x=at(x + 2.5), y=at(y + 2.5), width=at(width - 5), height=at(height - 5),
                class_=["k-in"], fill="none", stroke=PAPER, stroke_width=1,
            )
        )  # fmt: skip
    return shapes


def rule(
    x1: float, y1: float, x2: float, y2: float, *, kind: str = "grid", stroke: str = HAIR,
    width: float = 1,
) -> svg.Element:  # fmt: skip
    return svg.Line(
        x1=at(x1), y1=at(y1), x2=at(x2), y2=at(y2), class_=[kind], stroke=stroke,
        stroke_width=width,
    )  # fmt: skip


def sheet(height: float, words: str, shapes: Sequence[svg.Element]) -> str:
    """The whole drawing with its alternative text, for the page and for the PDF's reader."""
    said = escape(clean(words))
    drawing = svg.SVG(
        viewBox=svg.ViewBoxSpec(0, 0, WIDTH, at(max(height, 1))),
        class_=["ur-fig"],
        preserveAspectRatio=svg.PreserveAspectRatio("xMinYMin"),
        extra={"role": "img", "aria-label": said, "focusable": "false"},
        elements=[svg.Title(text=said), *shapes],
    )
    return str(drawing)


def legend(
    y: float, names: Sequence[tuple[str, str]], colours: Palette, left: float = 0
) -> tuple[list[svg.Element], float]:
    """A box and a name for each look, in as many lines as it takes; and where it ends."""
    shapes: list[svg.Element] = []
    x, room = left, WIDTH - left - 18
    for name, look in names:
        words = cut(clean(name), room)
        width = 18 + width_of(words)
        if x > left and x + width > WIDTH:
            x, y = left, y + 22
        shapes += [*block((x, y), 12, 12, look, colours), text(x + 18, y + 11, words)]
        x += width + 24
    return shapes, y + 16


def left_out(count: int, y: float) -> list[svg.Element]:
    """That the drawing does not have everything."""
    said = _("%(n)s more stand in the table") % {"n": number(count)}
    return [text(0, y, said, kind="m", fill=MUTED, size=12)]


def steps(most: float) -> list[float]:
    """At most five whole steps from 0 that reach `most`."""
    if most <= 0:
        return [0.0, 1.0]
    size = 10.0 ** math.floor(math.log10(most / 4)) if most > 4 else 1.0
    step = next(size * times for times in (1, 2, 2.5, 5, 10) if size * times * 4 >= most * 0.999)
    if step != int(step):
        step = float(math.ceil(step))
    return [step * place for place in range(math.ceil(most / step * 0.999) + 1)]
