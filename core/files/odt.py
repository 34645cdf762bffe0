"""OpenDocument text to HTML: the part of ODF that carries words, and nothing else.

Written here because the converters at hand keep styles and forget which text is deleted.
"""

import zipfile
from collections.abc import Iterator
from html import escape
from xml.etree.ElementTree import Element

from core.files import archives

NS = "urn:oasis:names:tc:opendocument:xmlns:"
TEXT, TABLE, OFFICE, STYLE, DRAW = (
    f"{{{NS}{part}:1.0}}" for part in ("text", "table", "office", "style", "drawing")
)
SVG = f"{{{NS}svg-compatible:1.0}}"
FO = f"{{{NS}xsl-fo-compatible:1.0}}"
XLINK = "{http://www.w3.org/1999/xlink}"
# Deleted text and comments are not part of what the document says.
SKIPPED = {TEXT + "tracked-changes", OFFICE + "annotation", OFFICE + "annotation-end",
           TEXT + "note-citation", OFFICE + "forms", TEXT + "sequence-decls"}  # fmt: skip
SIMPLE = {TEXT + "tab": "\t", TEXT + "line-break": "<br>"}
MAX_REPEAT = 60


class Styles:
    """Which style names are bold, italic and numbered."""

    def __init__(self, *roots: Element | None) -> None:
        self.bold: set[str] = set()
        self.italic: set[str] = set()
        self.numbered: set[str] = set()
        for root in roots:
            if root is not None:
                self._read(root)

    def _read(self, root: Element) -> None:
        for style in root.iter(STYLE + "style"):
            name = style.get(STYLE + "name", "")
            for look in style.iter(STYLE + "text-properties"):
                if look.get(FO + "font-weight") in ("bold", "700", "800", "900"):
                    self.bold.add(name)
                if look.get(FO + "font-style") == "italic":
                    self.italic.add(name)
        for style in root.iter(TEXT + "list-style"):
            if style.find(TEXT + "list-level-style-number") is not None:
                self.numbered.add(style.get(STYLE + "name", ""))


def convert(archive: zipfile.ZipFile) -> str:
    """The body of the text as HTML, unsanitised."""
    content = archives.read_xml(archive, "content.xml")
    styles = Styles(archives.read_xml(archive, "styles.xml"), content)
    body = None if content is None else content.find(f"{OFFICE}body/{OFFICE}text")
    return "" if body is None else _blocks(body, styles)


def _blocks(parent: Element, styles: Styles) -> str:
    return "".join(_block(child, styles) for child in parent if child.tag not in SKIPPED)


def _block(element: Element, styles: Styles, *, numbered: bool = False) -> str:
    if element.tag == TEXT + "h":
        return _heading(element, styles)
    if element.tag == TEXT + "p":
        return _paragraph(element, styles)
    if element.tag == TEXT + "list":
        return _list(element, styles, numbered=numbered)
    if element.tag == TABLE + "table":
        return _table(element, styles)
    if element.tag.startswith(DRAW):
        return f"<p>{_frame(element, styles)}</p>"
    return _blocks(element, styles)


def _heading(element: Element, styles: Styles) -> str:
    given = element.get(TEXT + "outline-level", "1")
    level = min(max(int(given) if given.isdigit() else 1, 1), 6)
    return f"<h{level}>{_inline(element, styles)}</h{level}>"


def _paragraph(element: Element, styles: Styles) -> str:
    inside = _looks(_inline(element, styles), element, styles)
    return f"<p>{inside}</p>" if inside.strip() else ""


def _list(element: Element, styles: Styles, *, numbered: bool) -> str:
    name = element.get(TEXT + "style-name")
    ordered = numbered if name is None else name in styles.numbered
    tag = "ol" if ordered else "ul"
    start = next((item.get(TEXT + "start-value", "") for item in element), "")
    attribute = f' start="{start}"' if ordered and start.isdigit() else ""
    items = "".join(f"<li>{_item(item, styles, ordered=ordered)}</li>" for item in element)
    return f"<{tag}{attribute}>{items}</{tag}>"


def _item(item: Element, styles: Styles, *, ordered: bool) -> str:
    """One paragraph stands bare in its list item, as in other HTML."""
    blocks = [_block(child, styles, numbered=ordered) for child in item if child.tag not in SKIPPED]
    if blocks and blocks[0].startswith("<p>") and blocks[0].count("<p>") == 1:
        blocks[0] = blocks[0][3:-4]
    return "".join(blocks)


def _table(element: Element, styles: Styles) -> str:
    head = element.find(TABLE + "table-header-rows")
    heads = [] if head is None else list(head.iter(TABLE + "table-row"))
    rows = [row for row in _rows(element) if not any(row is top for top in heads)]
    top = "".join(_row(row, styles, "th") for row in heads)
    body = "".join(_row(row, styles, "td") for row in rows)
    return f"<table>{f'<thead>{top}</thead>' if top else ''}<tbody>{body}</tbody></table>"


def _rows(element: Element) -> Iterator[Element]:
    """The rows of this table, not those of tables inside its cells."""
    for child in element:
        if child.tag == TABLE + "table-row":
            yield child
        elif child.tag in (TABLE + "table-rows", TABLE + "table-row-group"):
            yield from _rows(child)


def _row(row: Element, styles: Styles, tag: str) -> str:
    cells = [_cell(cell, styles, tag) for cell in row if cell.tag == TABLE + "table-cell"]
    return f"<tr>{''.join(cells)}</tr>" if any(cells) else ""


def _cell(cell: Element, styles: Styles, tag: str) -> str:
    spans = "".join(
        f' {name}span="{value}"'
        for name, key in (("col", "number-columns-spanned"), ("row", "number-rows-spanned"))
        if (value := cell.get(TABLE + key, "1")).isdigit() and value != "1"
    )
    scope = ' scope="col"' if tag == "th" else ""
    markup = f"<{tag}{scope}{spans}>{_blocks(cell, styles)}</{tag}>"
    repeat = cell.get(TABLE + "number-columns-repeated", "1")
    times = int(repeat) if repeat.isdigit() and len(repeat) < 6 else 1
    # A sheet pads its rows with hundreds of empty cells; those say nothing.
    return markup * times if times <= MAX_REPEAT else ""


def _inline(element: Element, styles: Styles) -> str:
    parts = [escape(element.text or "")]
    for child in element:
        if child.tag not in SKIPPED:
            parts.append(_run(child, styles))
        parts.append(escape(child.tail or ""))
    return "".join(parts)


def _run(element: Element, styles: Styles) -> str:
    if element.tag == TEXT + "s":
        count = element.get(TEXT + "c", "1")
        return " " * min(int(count) if count.isdigit() else 1, MAX_REPEAT)
    if element.tag in SIMPLE:
        return SIMPLE[element.tag]
    if element.tag == TEXT + "a":
        href = escape(element.get(XLINK + "href", ""), quote=True)
        return f'<a href="{href}">{_inline(element, styles)}</a>'
    if element.tag == TEXT + "note":
        return f" ({_note(element, styles)})"
    if element.tag.startswith(DRAW):
        return _frame(element, styles)
    return _looks(_inline(element, styles), element, styles)


def _note(element: Element, styles: Styles) -> str:
    body = element.find(TEXT + "note-body")
    return "" if body is None else " ".join(_inline(part, styles) for part in body)


def _looks(markup: str, element: Element, styles: Styles) -> str:
    name = element.get(TEXT + "style-name", "")
    if not markup.strip():
        return markup
    if name in styles.italic:
        markup = f"<em>{markup}</em>"
    return f"<strong>{markup}</strong>" if name in styles.bold else markup


def _frame(element: Element, styles: Styles) -> str:
    """A drawing is its text box, or the words that describe it."""
    boxes = list(_boxes(element))
    if boxes:
        return " ".join(_inline(part, styles) for box in boxes for part in box)
    alt = [
        child.text or "" for child in element.iter() if child.tag in (SVG + "title", SVG + "desc")
    ]
    return escape(" ".join(dict.fromkeys(text for text in alt if text)))


def _boxes(element: Element) -> Iterator[Element]:
    """The outermost text boxes."""
    for child in element:
        if child.tag == DRAW + "text-box":
            yield child
        else:
            yield from _boxes(child)
