"""Put <mark> round passages of rendered text, and read the plain text that passages are found in.

What is marked has been through the allow-list of `core.text`; only <mark> is added.
"""

import re
from collections.abc import Iterator, Sequence
from html import escape, unescape

from django.utils.safestring import SafeString, mark_safe

from meetings.anchoring import Place, squeeze

TAG = re.compile(r"""(<(?:[^>"]|"[^"]*")*>)""")


def plain_text(html: str) -> str:
    """The words of rendered HTML, white space squeezed: what places are counted in."""
    return squeeze(unescape("".join(TAG.split(html)[::2])))


def mark_places(html: str, places: Sequence[Place]) -> SafeString:
    """`html` with each place in <mark>; places may overlap and may cross elements."""
    covered = {offset for place in places for offset in range(place.start, place.end)}
    parts = TAG.split(html)
    offset, open_space = 0, True
    for index in range(0, len(parts), 2):
        text = unescape(parts[index])
        offsets, offset, open_space = _offsets(text, offset, open_space=open_space)
        # Between rows and list entries stands only white space, and no <mark> may stand there.
        if text.strip():
            parts[index] = "".join(_runs(text, [at in covered for at in offsets]))
    return mark_safe("".join(parts))  # noqa: S308 - rendered by core.text, escaped again below


def _offsets(text: str, offset: int, *, open_space: bool) -> tuple[list[int], int, bool]:
    """Where each character is in the squeezed text; a space that is squeezed out is nowhere."""
    found = []
    for char in text:
        if not char.isspace():
            found.append(offset)
            offset, open_space = offset + 1, False
        elif open_space:
            found.append(-1)
        else:
            found.append(offset)
            offset, open_space = offset + 1, True
    return found, offset, open_space


def _runs(text: str, marked: list[bool]) -> Iterator[str]:
    start = 0
    for index in range(1, len(text) + 1):
        if index == len(text) or marked[index] != marked[start]:
            run = escape(text[start:index], quote=False)
            yield f"<mark>{run}</mark>" if marked[start] and run.strip() else run
            start = index
