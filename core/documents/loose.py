"""A file that somebody uploaded, as pages that can be appended to a document of ours.

Whatever is wrong with the file becomes an `UnusableFile` with a sentence for the reader.
"""

import base64
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pikepdf
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.documents.palette import Palette, palette_css
from core.documents.prose import pdf_html
from core.documents.render import DocumentError, render_pdf

PDF = "application/pdf"
PICTURES = {"image/png", "image/jpeg"}
TEXTS = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.oasis.opendocument.text": "odt",
}
MAX_PIXELS = 60_000_000
# What a broken PDF makes the library raise once it is open.
BROKEN = (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, RuntimeError)
# Takes "docx" or "odt"; `core.files.to_html` knows more kinds.
ToHtml = Callable[[bytes, Any], str]


class UnusableFile(Exception):
    """The file cannot be turned into pages; the message says why, for the reader."""


def as_pdf(
    data: bytes,
    *,
    media_type: str,
    title: str,
    expected_pages: int | None,
    created: datetime,
    palette: Palette,
    to_html: ToHtml | None,
) -> bytes:
    """Return `data` as a PDF with at least one page, or raise `UnusableFile`."""
    if media_type == PDF:
        check_pdf(data, expected_pages)
        return data
    if media_type in PICTURES:
        return _picture(data, title=title, created=created, palette=palette)
    if media_type in TEXTS and to_html is not None:
        html = _html(data, TEXTS[media_type], to_html)
        return loose_page(title, created=created, palette=palette, html=html)
    raise UnusableFile(_("Files of this type cannot be shown in the pack."))


def loose_page(
    heading: str,
    *,
    created: datetime,
    palette: Palette,
    lines: list[str] | None = None,
    html: SafeString | str = "",
    picture: str = "",
) -> bytes:
    """Return a document of ours with one heading and its text or picture."""
    context = {
        "palette_css": palette_css(palette), "body_class": "bare", "heading": heading,
        "lines": lines or [], "html": html, "picture": picture,
    }  # fmt: skip
    try:
        return render_pdf(
            template="pdf/loose.html", context=context, title=heading, created=created
        )
    except DocumentError as error:
        raise UnusableFile(_("The text of the file could not be read.")) from error


def check_pdf(data: bytes, expected_pages: int | None) -> int:
    """Return the number of pages after touching every one of them, or raise `UnusableFile`."""
    damaged = _("The file is damaged and cannot be read as PDF.")
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            found = len(pdf.pages)
            for page in pdf.pages:
                _touch(page)
    except pikepdf.PasswordError as error:
        raise UnusableFile(_("The file is locked with a password.")) from error
    except BROKEN as error:
        raise UnusableFile(damaged) from error
    if not found:
        raise UnusableFile(damaged)
    if expected_pages and found < expected_pages:
        text = _("The file has %(found)s pages left of %(expected)s; it has been cut off.")
        raise UnusableFile(text % {"found": found, "expected": expected_pages})
    return found


def _touch(page: pikepdf.Page) -> None:
    if len(page.mediabox) != 4:
        raise ValueError("no page size")
    contents = page.obj.get("/Contents", None)
    streams = contents if isinstance(contents, pikepdf.Array) else [contents]
    for stream in streams:
        if isinstance(stream, pikepdf.Stream):
            stream.read_bytes()


@contextmanager
def _whole_pictures_only() -> Iterator[None]:
    """WeasyPrint lets half a picture pass for a whole one, in the entire process."""
    from PIL import ImageFile

    before, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def _check_size(pixels: int) -> None:
    if pixels > MAX_PIXELS:
        raise ValueError("too many pixels")


def _picture(data: bytes, *, title: str, created: datetime, palette: Palette) -> bytes:
    from PIL import Image, ImageOps

    try:
        with _whole_pictures_only(), Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as image:
            _check_size(image.width * image.height)
            kind = "JPEG" if image.format == "JPEG" else "PNG"
            # Drawn anew: nothing but pixels of the file reaches the document.
            upright = ImageOps.exif_transpose(image).convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise UnusableFile(_("The picture is damaged and cannot be read.")) from error
    flat = Image.new("RGB", upright.size, "white")
    flat.paste(upright, mask=upright.getchannel("A"))
    buffer = io.BytesIO()
    flat.save(buffer, kind, quality=88)
    address = f"data:image/{kind.lower()};base64,{base64.b64encode(buffer.getvalue()).decode()}"
    return loose_page(title, created=created, palette=palette, picture=address)


def _html(data: bytes, kind: str, to_html: ToHtml) -> SafeString:
    try:
        return pdf_html(to_html(data, kind), under=1)
    except Exception as error:  # whatever a converter makes of a stranger's file
        raise UnusableFile(_("The text of the file could not be read.")) from error
