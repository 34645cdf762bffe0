"""The door for uploads: a file is what it says, whole, and within the limits, or `BadFile`."""

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pikepdf
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from PIL import Image, UnidentifiedImageError

from core.files import archives, kinds, names, reading
from core.files.errors import BadFile, readable_size, sentence
from core.files.kinds import Kind

MAX_PIXELS = 50_000_000
DC_TITLE = "{http://purl.org/dc/elements/1.1/}title"
DOCX_MAIN = kinds.DOCX_TYPE + ".main+xml"
KIND_NAMES: dict[Kind, Promise] = {
    "pdf": _("a PDF"),
    "docx": _("a Word document (DOCX)"),
    "odt": _("an OpenDocument text (ODT)"),
    "png": _("a PNG image"),
    "jpeg": _("a JPEG image"),
}
EMPTY = _("The file is empty. Check it on your own computer and upload it again.")
TOO_BIG = _("The file is %(size)s. It may be at most %(limit)s.")
WRONG_EXTENSION = _(
    "Files of the type %(extension)s cannot be used here. Upload a PDF, DOCX, ODT, PNG or JPEG."
)
NO_EXTENSION = _("The file name has no type. Upload a PDF, DOCX, ODT, PNG or JPEG.")
MISNAMED = _("The file is named %(extension)s, but it is %(found)s. Give it the right name.")
DISGUISED = _(
    "The file is named %(extension)s, but its content is something else. "
    "Open it in the program it was made with and save it again."
)
MACROS = _("The document holds macros. Save it without macros, as DOCX or ODT, and upload that.")
LOCKED = _("The file is protected with a password or restrictions. Save it without and try again.")
OLD_WORD = _("The file is an old Word file or locked with a password. Save it as DOCX without one.")
TWO_IN_ONE = _("The file holds another file behind the document. Save it again as a new document.")
NO_PAGES = _("The PDF has no pages. Make it again from the original document.")
TOO_MANY_PIXELS = _(
    "The image is %(width)s × %(height)s pixels. It may be at most %(limit)s million pixels."
)


@dataclass(frozen=True, slots=True)
class Inspected:
    """What is known about a file that has passed the door."""

    kind: Kind
    media_type: str
    filename: str
    size: int
    pages: int | None
    title: str
    text: str


def inspect(
    data: bytes | Path,
    filename: str,
    *,
    limit: int = kinds.MAX_BYTES,
    pixels: int = MAX_PIXELS,
    with_text: bool = True,
) -> Inspected:
    """Read the whole file and say what it is. Raises `BadFile` with a sentence for the user.

    `with_text=False` leaves `text` empty, for a caller that converts the file itself.
    """
    name = names.safe_filename(filename)
    content = read_within(data, limit)
    kind = _kind(content, names.extension(name))
    pages, title = _open(content, kind, pixels)
    text = reading.extract_text(content, kind) if with_text else ""
    return Inspected(kind, kinds.MEDIA_TYPES[kind], name, len(content), pages, title, text)


def read_within(data: bytes | Path, limit: int) -> bytes:
    size = data.stat().st_size if isinstance(data, Path) else len(data)
    if size == 0:
        raise BadFile(EMPTY)
    if size > limit:
        facts = {"size": readable_size(size), "limit": readable_size(limit)}
        raise BadFile(sentence(TOO_BIG, **facts))
    return data.read_bytes() if isinstance(data, Path) else bytes(data)


def _kind(content: bytes, extension: str) -> Kind:
    """The kind that name and content agree on."""
    if extension in (".docm", ".dotm"):
        raise BadFile(MACROS)
    expected = kinds.EXTENSIONS.get(extension)
    if expected is None:
        raise BadFile(sentence(WRONG_EXTENSION, extension=extension) if extension else NO_EXTENSION)
    found = kinds.sniff(content)
    if found == expected:
        return expected
    raise BadFile(_mismatch(content, extension, found))


def _mismatch(content: bytes, extension: str, found: Kind | None) -> str | Promise:
    if found is not None:
        return sentence(MISNAMED, extension=extension, found=KIND_NAMES[found])
    if extension in (".docx", ".odt") and content.startswith(kinds.OLE_MAGIC):
        return OLD_WORD
    if extension in (".docx", ".odt") and content.startswith(kinds.ZIP_MAGIC):
        return archives.DAMAGED
    return sentence(DISGUISED, extension=extension)


def _open(content: bytes, kind: Kind, pixels: int) -> tuple[int | None, str]:
    """Pages and title, after a real parse."""
    if kind in ("pdf", "png", "jpeg") and kinds.ends_as_zip(content):
        raise BadFile(TWO_IN_ONE)
    if kind == "pdf":
        return _open_pdf(content)
    if kind in ("png", "jpeg"):
        _check_image(content, kind, pixels)
        return 1, ""
    with archives.open_archive(content) as archive:
        (_check_docx if kind == "docx" else _check_odt)(archive)
        return None, _archive_title(archive, kind)


def _open_pdf(content: bytes) -> tuple[int, str]:
    # The library repairs what it can; a file without its end mark has lost pages, not order.
    if b"%%EOF" not in content[-2048:]:
        raise BadFile(archives.DAMAGED)
    try:
        with pikepdf.open(io.BytesIO(content), suppress_warnings=True) as pdf:
            if pdf.is_encrypted:
                raise BadFile(LOCKED)
            return _pdf_facts(pdf)
    except pikepdf.PasswordError as fault:
        raise BadFile(LOCKED) from fault
    except (pikepdf.PdfError, ValueError, RuntimeError) as fault:
        raise BadFile(archives.DAMAGED) from fault


def _pdf_facts(pdf: pikepdf.Pdf) -> tuple[int, str]:
    if len(pdf.pages) == 0:
        raise BadFile(NO_PAGES)
    title = pdf.docinfo.get("/Title") if "/Info" in pdf.trailer else None
    return len(pdf.pages), _one_line(str(title or ""))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _check_image(content: bytes, kind: Kind, pixels: int) -> None:
    formats = ["PNG"] if kind == "png" else ["JPEG"]
    # Pillow fills what is missing at the very end of a JPEG with grey and says nothing.
    if kind == "jpeg" and b"\xff\xd9" not in content[-65_536:]:
        raise BadFile(archives.DAMAGED)
    try:
        with Image.open(io.BytesIO(content), formats=formats) as image:
            _check_pixels(image.width, image.height, pixels)
            image.verify()
        with Image.open(io.BytesIO(content), formats=formats) as image:
            image.load()
    except Image.DecompressionBombError as fault:
        raise BadFile(archives.BOMB) from fault
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as fault:
        raise BadFile(archives.DAMAGED) from fault


def _check_pixels(width: int, height: int, limit: int) -> None:
    if width * height > limit:
        facts = {"width": width, "height": height, "limit": limit // 1_000_000}
        raise BadFile(sentence(TOO_MANY_PIXELS, **facts))


def _check_docx(archive: zipfile.ZipFile) -> None:
    archives.check_members(archive)
    types = archive.read("[Content_Types].xml").decode("utf-8", "replace")
    if "macroenabled" in types.lower() or _has(archive, "vbaproject.bin"):
        raise BadFile(MACROS)
    if DOCX_MAIN not in types:
        raise BadFile(sentence(DISGUISED, extension=".docx"))


def _check_odt(archive: zipfile.ZipFile) -> None:
    # Locked texts are not XML, so the manifest is asked before the members are read.
    if b"encryption-data" in _read(archive, "META-INF/manifest.xml"):
        raise BadFile(LOCKED)
    archives.check_members(archive)
    if _read(archive, "mimetype").strip() != kinds.ODT_TYPE.encode():
        raise BadFile(sentence(DISGUISED, extension=".odt"))
    if _has(archive, "basic/") or _has(archive, "scripts/"):
        raise BadFile(MACROS)


def _has(archive: zipfile.ZipFile, part: str) -> bool:
    return any(part in name.lower() for name in archive.namelist())


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    return archive.read(name) if name in archive.namelist() else b""


def _archive_title(archive: zipfile.ZipFile, kind: Kind) -> str:
    root = archives.read_xml(archive, "docProps/core.xml" if kind == "docx" else "meta.xml")
    found = None if root is None else root.find(f".//{DC_TITLE}")
    return "" if found is None else _one_line(found.text or "")
