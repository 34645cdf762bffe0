"""Long texts: one plain notation (Markdown), one way in, one way out.

Secretaries paste from Word. What arrives is turned into Markdown on the way in, so that
nothing but text is ever stored, and rendered through an allow-list on the way out.
"""

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

import nh3
from django.utils.safestring import SafeString, mark_safe

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

# Elements that a word processor, a mail program or a browser puts on the clipboard. A word in
# angle brackets ("<navn>") is none of them and stays what it is, unless it has attributes.
ELEMENTS = (
    "a|abbr|address|article|aside|b|base|big|blockquote|body|br|button|caption|center|cite|code|"
    "col|colgroup|dd|del|details|dfn|dialog|div|dl|dt|em|embed|fieldset|figcaption|figure|font|"
    "footer|form|frame|frameset|h[1-6]|head|header|hr|html|i|iframe|img|input|ins|kbd|label|"
    "legend|li|link|main|map|mark|marquee|math|meta|nav|noscript|object|ol|optgroup|option|"
    "output|p|param|picture|pre|q|s|samp|script|section|select|slot|small|source|span|strike|"
    "strong|style|sub|summary|sup|svg|table|tbody|td|template|textarea|tfoot|th|thead|time|"
    "title|tr|track|tt|u|ul|var|video|wbr|xml|[a-z][a-z0-9]*:[a-z][a-z0-9]*"
)
HTML = (
    rf"(?:!--|!\[|!doctype\b|\?xml\b|(?:{ELEMENTS})(?=[\s/>])"
    r"|/[a-z][\w:-]*\s*>|[a-z][\w:-]*\s[^<>]*=)"
)
# A backslash says that the bracket is meant as a bracket.
LOOKS_LIKE_HTML = re.compile(rf"(?<!\\)<{HTML}", re.IGNORECASE)
WORD_IN_BRACKETS = re.compile(rf"<(?!{HTML})|(?<=\\)<", re.IGNORECASE)
# Word's bullets arrive as these characters when only text is pasted.
WORD_BULLET = re.compile(r"^([ \t]*)[•·▪◦\uf0b7o](?:[ \t]+)(?=\S)", re.MULTILINE)
ORDINAL = re.compile(r"(\d)\.")
INVISIBLE = re.compile(
    r"[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\x00-\x08\x0b\x0c\x0e-\x1f]"
)
TAGS_IN = {
    "p", "br", "strong", "b", "em", "i", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6",
    "table", "thead", "tbody", "tr", "th", "td", "blockquote",
}  # fmt: skip
TAGS_OUT = TAGS_IN | {"a", "hr", "code", "pre"}


def clean_text(value: str) -> str:
    """Return `value` as the Markdown that is stored: NFC, no HTML, no invisible characters.

    What is stored comes back unchanged when it is cleaned again.
    """
    text = _plain_characters(value)
    if LOOKS_LIKE_HTML.search(text):
        text = _plain_characters(html_to_text(text))
    text = WORD_BULLET.sub(r"\1- ", text)
    return "\n".join(line.rstrip() for line in text.split("\n")).strip()


def _plain_characters(text: str) -> str:
    """Invisible characters go first: one inside a tag would hide the tag."""
    text = INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return unicodedata.normalize("NFC", text).replace("\u00a0", " ")


def html_to_text(html: str) -> str:
    """Turn pasted HTML (Word's included) into Markdown through the allow-list."""
    from markdownify import markdownify

    safe = nh3.clean(
        WORD_IN_BRACKETS.sub("&lt;", html),
        tags=TAGS_IN,
        attributes={},
        clean_content_tags={"script", "style", "title"},
    )
    markdown = markdownify(safe, heading_style="ATX", bullets="-", escape_underscores=False)
    # What the page showed as "<b>" is two brackets around a letter, also the next time.
    markdown = LOOKS_LIKE_HTML.sub(r"\\\g<0>", markdown)
    return re.sub(r"\n{3,}", "\n\n", markdown).strip()


@cache
def markdown_parser() -> "MarkdownIt":
    """The one notation of the house: CommonMark with tables, without HTML and pictures."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False, "breaks": True, "linkify": False})
    return parser.enable("table").disable(["image", "html_block", "html_inline"])


def render_prose(text: str, *, heading_shift: int = 2) -> SafeString:
    """Render stored text as HTML for pages and PDFs.

    Headings are moved `heading_shift` levels down, so that a text never breaks the outline
    of the page it stands in. Lists keep the number they begin with and the sign after it.
    """
    parser = markdown_parser()
    tokens = parser.parse(_ordinals_as_words(text))
    for token in tokens:
        _dress(token, heading_shift)
    html = parser.renderer.render(tokens, parser.options, {})
    return mark_safe(  # noqa: S308 - the allow-list is the reason this module exists
        nh3.clean(
            html,
            tags=TAGS_OUT,
            attributes={"*": set(), "a": {"href"}, "th": {"scope"}, "ol": {"start"}},
            allowed_classes={"ol": {"paren"}},
            url_schemes={"http", "https", "mailto"},
        )
    )


def _dress(token: "Token", heading_shift: int) -> None:
    if token.type in ("heading_open", "heading_close"):
        token.tag = f"h{min(int(token.tag[1]) + heading_shift, 6)}"
    elif token.type == "th_open":
        token.attrSet("scope", "col")
    elif token.type == "ordered_list_open" and token.markup == ")":
        token.attrSet("class", "paren")


def _ordinals_as_words(text: str) -> str:
    """Keep "2. møde" at the start of a line what it is: words, not a list of one entry."""
    lines = text.split("\n")
    for opening, entries in _numbered_lists(text):
        if entries == 1 and opening.markup == "." and opening.map:
            first = opening.map[0]
            lines[first] = ORDINAL.sub(r"\1\\.", lines[first], count=1)
    return "\n".join(lines)


def _numbered_lists(text: str) -> list[tuple["Token", int]]:
    """The numbered lists in order, each with how many entries it has."""
    found: list[tuple[Token, int]] = []
    # Where in `found` each open list is; None for one with bullets.
    open_lists: list[int | None] = []
    for token in markdown_parser().parse(text):
        if token.type == "ordered_list_open":
            open_lists.append(len(found))
            found.append((token, 0))
        elif token.type == "bullet_list_open":
            open_lists.append(None)
        elif token.type in ("ordered_list_close", "bullet_list_close"):
            open_lists.pop()
        elif token.type == "list_item_open" and (place := open_lists[-1]) is not None:
            opening, entries = found[place]
            found[place] = (opening, entries + 1)
    return found


def word_count(text: str) -> int:
    """Number of words in `text`."""
    return len(text.split())
