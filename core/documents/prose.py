"""Stored text as it stands in a document: no address but the web's, no skipped heading."""

import re

import nh3
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from markdown_it.token import Token

from core.text import TAGS_OUT, render_prose
from core.text import _markdown as notation

HEADING = re.compile(r"<(/?)h([1-6])>")
LINK = re.compile(r'<a href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
IMAGE = re.compile(r"<img[^>]*>")
SOURCE = re.compile(r'src="(data:image/(?:png|jpeg|gif);base64,[A-Za-z0-9+/=\s]+)"')
ALT = re.compile(r'alt="([^"]*)"')
LIST = re.compile(r"<ol(?: start=\"-?\d+\")?>")
ORDINAL = re.compile(r"(\d)\.")
TABLE = re.compile(r"<table>.*?</table>", re.DOTALL)
HEAD_ONLY = re.compile(r"<thead>(.*)</thead>(?!.*<tbody>)", re.DOTALL)
TAG = re.compile(r"<[^>]*>")
# An entry's first paragraph stands on the line of its number.
LOOSE = re.compile(r"<li>\s*<p>(.*?)</p>", re.DOTALL)
LONG_WORD = 24
WEB = re.compile(r"(?:https?://[\w.-]+(?:[:/?#]|$)|mailto:)", re.IGNORECASE)


def pdf_prose(text: str, *, under: int = 3) -> SafeString:
    """Render `text` for a document where it stands below a heading of level `under`.

    Headings go one level down at a time, as PDF/UA asks. A link that is not to the web loses
    its address and keeps its words.
    """
    source = _ordinals_as_words(text)
    html = LINK.sub(_link, render_prose(source, heading_shift=3))
    html = TABLE.sub(_table, LOOSE.sub(r"<li>\1", _numbered_as_written(html, source)))
    return mark_safe(_levels(html, under))  # noqa: S308 - render_prose has cleaned it


def _lists(text: str) -> list[tuple[Token, int]]:
    """The numbered lists of `text` in order, each with how many entries it has."""
    found: list[tuple[Token, int]] = []
    open_lists: list[int] = []
    for token in notation().parse(text):
        if token.type == "ordered_list_open":
            open_lists.append(len(found))
            found.append((token, 0))
        elif token.type == "bullet_list_open":
            open_lists.append(-1)
        elif token.type in ("ordered_list_close", "bullet_list_close"):
            open_lists.pop()
        elif token.type == "list_item_open" and open_lists[-1] >= 0:
            opened, entries = found[open_lists[-1]]
            found[open_lists[-1]] = (opened, entries + 1)
    return found


def _ordinals_as_words(text: str) -> str:
    """Keep "2. møde" at the start of a line what it is: words, not a list of one entry."""
    lines = text.split("\n")
    for token, entries in _lists(text):
        if entries == 1 and token.markup == "." and token.map:
            lines[token.map[0]] = ORDINAL.sub(r"\1\\.", lines[token.map[0]], count=1)
    return "\n".join(lines)


def _numbered_as_written(html: str, text: str) -> str:
    """Number each list from where its author began and with the sign that was typed."""
    tokens = iter(_lists(text))

    def opening(match: re.Match[str]) -> str:
        token, _entries = next(tokens)
        start = int(token.attrGet("start") or 1) if token.attrGet("start") != 0 else 0
        sign = ' class="paren"' if token.markup == ")" else ""
        return f'<ol{sign} style="counter-reset:list-item {start - 1}">'

    return LIST.sub(opening, html)


def _table(match: re.Match[str]) -> str:
    """Let the words of a table break only where one of them could push it off the page."""
    table = HEAD_ONLY.sub(r"<tbody>\1</tbody>", match.group(0))
    longest = max(map(len, TAG.sub(" ", table).split()), default=0)
    if longest <= LONG_WORD:
        return table
    return table.replace("<table>", '<table class="dense">', 1)


def _link(match: re.Match[str]) -> str:
    address, words = match.group(1), match.group(2)
    if not WEB.match(address):
        return words
    # Nothing but words: an element inside a link would come between it and its tag.
    return f'<a href="{address}">{TAG.sub("", words).strip() or address}</a>'


def _levels(html: str, under: int) -> str:
    open_levels: list[tuple[int, int]] = [(0, under)]

    def place(match: re.Match[str]) -> str:
        wanted = int(match.group(2))
        if not match.group(1):
            while open_levels[-1][0] >= wanted:
                open_levels.pop()
            open_levels.append((wanted, min(open_levels[-1][1] + 1, 6)))
        return f"<{match.group(1)}h{open_levels[-1][1]}>"

    return HEADING.sub(place, html)


def pdf_html(html: str, *, under: int = 1) -> SafeString:
    """Clean converted HTML for a document: our tags, pictures only as data, no foreign address."""
    safe = nh3.clean(
        html,
        tags=TAGS_OUT | {"img"},
        attributes={
            "a": {"href"}, "th": {"scope", "colspan", "rowspan"}, "td": {"colspan", "rowspan"},
            "ol": {"start"}, "img": {"src", "alt"},
        },
        url_schemes={"http", "https", "mailto", "data"},
        clean_content_tags={"script", "style", "title"},
        link_rel=None,
    )  # fmt: skip
    safe = IMAGE.sub(_image, LINK.sub(_link, safe))
    return mark_safe(_levels(safe, under))  # noqa: S308 - cleaned above


def _image(match: re.Match[str]) -> str:
    source = SOURCE.search(match.group(0))
    if not source:
        return ""
    alt = ALT.search(match.group(0))
    words = alt.group(1).strip() if alt else ""
    return f'<img src="{source.group(1)}" alt="{words or _("Picture")}">'
