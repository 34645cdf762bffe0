"""Stored text as it stands in a document: no address but the web's, no skipped heading."""

import re

import nh3
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from core.text import TAGS_OUT, render_prose

HEADING = re.compile(r"<(/?)h([1-6])>")
LINK = re.compile(r'<a href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
IMAGE = re.compile(r"<img[^>]*>")
SOURCE = re.compile(r'src="(data:image/(?:png|jpeg|gif);base64,[A-Za-z0-9+/=\s]+)"')
ALT = re.compile(r'alt="([^"]*)"')
STARTED = re.compile(r'<ol([^>]*?) start="(\d+)"')
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
    html = LINK.sub(_link, render_prose(text, heading_shift=3))
    html = TABLE.sub(_table, LOOSE.sub(r"<li>\1", STARTED.sub(_numbered, html)))
    return mark_safe(_levels(html, under))  # noqa: S308 - render_prose has cleaned it


def _numbered(match: re.Match[str]) -> str:
    """Begin a list where its author began; WeasyPrint reads that in a style only."""
    return f'<ol{match.group(1)} style="counter-reset:list-item {int(match.group(2)) - 1}"'


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
