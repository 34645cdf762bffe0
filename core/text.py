"""Long texts: one plain notation (Markdown), one way in, one way out.

Secretaries paste from Word. What arrives is turned into Markdown on the way in, so that
nothing but text is ever stored, and rendered through an allow-list on the way out.
"""

import re
import unicodedata
from functools import cache
from typing import Any

import nh3
from django.utils.safestring import SafeString, mark_safe

LOOKS_LIKE_HTML = re.compile(r"<(?:!--|/?[a-zA-Z][a-zA-Z0-9:]*(?:\s[^<>]*)?/?>)")
# Word's bullets arrive as these characters when only text is pasted.
WORD_BULLET = re.compile(r"^([ \t]*)[•·▪◦\uf0b7o](?:[ \t]+)(?=\S)", re.MULTILINE)
INVISIBLE = re.compile(
    r"[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\x00-\x08\x0b\x0c\x0e-\x1f]"
)
TAGS_IN = {
    "p", "br", "strong", "b", "em", "i", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6",
    "table", "thead", "tbody", "tr", "th", "td", "blockquote",
}  # fmt: skip
TAGS_OUT = TAGS_IN | {"a", "hr", "code", "pre"}


def clean_text(value: str) -> str:
    """Return `value` as the Markdown that is stored: NFC, no HTML, no invisible characters."""
    text = unicodedata.normalize("NFC", value).replace("\r\n", "\n").replace("\r", "\n")
    if LOOKS_LIKE_HTML.search(text):
        text = html_to_text(text)
    text = INVISIBLE.sub("", text).replace("\u00a0", " ")
    text = WORD_BULLET.sub(r"\1- ", text)
    return "\n".join(line.rstrip() for line in text.split("\n")).strip()


def html_to_text(html: str) -> str:
    """Turn pasted HTML (Word's included) into Markdown through the allow-list."""
    from markdownify import markdownify

    safe = nh3.clean(
        html, tags=TAGS_IN, attributes={}, clean_content_tags={"script", "style", "title"}
    )
    markdown = markdownify(safe, heading_style="ATX", bullets="-", escape_underscores=False)
    return re.sub(r"\n{3,}", "\n\n", markdown).strip()


@cache
def _markdown() -> Any:
    from markdown_it import MarkdownIt

    renderer = MarkdownIt("commonmark", {"html": False, "breaks": True, "linkify": False})
    renderer.enable("table").disable(["image", "html_block", "html_inline"])
    return renderer


def render_prose(text: str, *, heading_shift: int = 2) -> SafeString:
    """Render stored text as HTML for pages and PDFs.

    Headings are moved `heading_shift` levels down, so that a text never breaks the outline
    of the page it stands in.
    """
    tokens = _markdown().parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + heading_shift, 6)}"
        if token.type == "th_open":
            token.attrSet("scope", "col")
    html = _markdown().renderer.render(tokens, _markdown().options, {})
    return mark_safe(  # noqa: S308 - the allow-list is the reason this module exists
        nh3.clean(
            html,
            tags=TAGS_OUT,
            attributes={"a": {"href"}, "th": {"scope"}, "ol": {"start"}},
            url_schemes={"http", "https", "mailto"},
        )
    )


def word_count(text: str) -> int:
    """Number of words in `text`."""
    return len(text.split())
