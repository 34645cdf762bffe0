"""What a file says, as plain text for search and as safe HTML for the meeting pack."""

import html
import io
import re
import threading
from contextlib import closing
from typing import Any

import nh3
import pypdfium2

from core.files import archives, odt
from core.files.errors import BadFile
from core.files.kinds import Kind

TAGS = {
    "h1", "h2", "h3", "h4", "h5", "h6", "p", "br", "strong", "em", "sup", "sub", "ul", "ol", "li",
    "table", "thead", "tbody", "tr", "th", "td", "a", "blockquote",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => h2:fresh
p[style-name='Overskrift 1'] => h1:fresh
p[style-name='Overskrift 2'] => h2:fresh
p[style-name='Overskrift 3'] => h3:fresh
p[style-name='Overskrift 4'] => h4:fresh
"""
LINE_ENDS = re.compile(r"<br ?/?>|</(?:p|h[1-6]|li|tr|blockquote)>")
CELL_ENDS = re.compile(r"</t[dh]>")
# PDFium marks a hyphen it believes to be typesetting with these.
BREAK_HYPHEN = re.compile("[\ufffe\x02]\r?\n?")
PAGE_BREAK = "\f"

# PDFium is not safe to call from two threads.
_pdfium = threading.Lock()


def to_html(data: bytes, kind: Kind) -> str:
    """Semantic HTML of a DOCX or ODT that `inspect` has let in: headings, lists, tables, words.

    Images become their alternative text, comments and deleted text are left out.
    """
    if kind not in ("docx", "odt"):
        raise ValueError(f"no HTML from {kind}")
    with archives.open_archive(data) as archive:
        archives.check_members(archive)
        raw = odt.convert(archive) if kind == "odt" else _docx_html(data)
    return nh3.clean(
        raw, tags=TAGS, attributes=ATTRIBUTES, url_schemes={"http", "https", "mailto"}
    ).strip()


def _docx_html(data: bytes) -> str:
    import mammoth
    from mammoth import html as nodes

    def alt_text(image: Any) -> list[Any]:
        return [nodes.text(image.alt_text)] if image.alt_text else []

    result = mammoth.convert_to_html(io.BytesIO(data), style_map=STYLES, convert_image=alt_text)
    return str(result.value)


def extract_text(data: bytes, kind: Kind) -> str:
    """The words of the file; pages of a PDF are divided by form feeds, images say nothing."""
    if kind == "pdf":
        return _pdf_text(data)
    return _plain(to_html(data, kind)) if kind in ("docx", "odt") else ""


def _plain(markup: str) -> str:
    spaced = CELL_ENDS.sub("\t", LINE_ENDS.sub("\n", markup))
    lines = html.unescape(nh3.clean(spaced, tags=set())).split("\n")
    return "\n".join(line.strip() for line in lines if line.strip())


def _pdf_text(data: bytes) -> str:
    try:
        with _pdfium, closing(pypdfium2.PdfDocument(data)) as document:
            return PAGE_BREAK.join(_page_text(document, at) for at in range(len(document)))
    except pypdfium2.PdfiumError as fault:
        raise BadFile(archives.DAMAGED) from fault


def _page_text(document: pypdfium2.PdfDocument, at: int) -> str:
    page = document[at]
    text: str = page.get_textpage().get_text_range()
    page.close()
    return BREAK_HYPHEN.sub("", text).replace("\r\n", "\n").replace("\x00", "").strip()
