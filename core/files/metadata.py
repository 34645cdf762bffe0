"""What a file says beside its pages: who made it, comments, tracked changes."""

import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from xml.etree.ElementTree import Element

import pikepdf
from PIL import ExifTags, Image

from core.files import archives
from core.files.errors import BadFile

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
AUTHORS = {"creator", "lastmodifiedby", "/author", "dc:creator", "initial-creator"}
TOLD = {"title", "subject", "description", "keywords", "/title", "/subject", "/keywords"} | AUTHORS
WORD_PARTS = ("document", "footnotes", "endnotes")
TRACKED = ("ins", "del", "moveFrom", "moveTo")


Kind = Literal["author", "property", "comment", "tracked", "location"]
EXIF: dict[int, Kind] = {
    ExifTags.Base.Artist: "author",
    ExifTags.Base.XPAuthor: "author",
    ExifTags.Base.CameraOwnerName: "author",
    ExifTags.Base.Copyright: "author",
    ExifTags.Base.ImageDescription: "property",
    ExifTags.Base.XPTitle: "property",
    ExifTags.Base.XPSubject: "property",
    ExifTags.Base.XPKeywords: "property",
    ExifTags.Base.UserComment: "comment",
    ExifTags.Base.XPComment: "comment",
}
WINDOWS_TAGS = {
    ExifTags.Base.XPAuthor,
    ExifTags.Base.XPTitle,
    ExifTags.Base.XPSubject,
    ExifTags.Base.XPKeywords,
    ExifTags.Base.XPComment,
}
PICTURE_TEXTS: dict[str, Kind] = {
    "author": "author",
    "copyright": "author",
    "title": "property",
    "description": "property",
    "comment": "comment",
}

BOMB = (EOFError, Image.DecompressionBombError)


@dataclass(frozen=True)
class Hidden:
    """One thing a reader of the pages does not see: what sort it is, and its words."""

    kind: Kind
    text: str


def hidden_text(content: bytes, media_type: str) -> list[Hidden]:
    """The metadata, comments and tracked changes of a PDF, DOCX or ODT, and what a photo tells.

    A file that cannot be read raises `BadFile`; it came in through `inspect`, so it is damaged.
    """
    if media_type == "application/pdf":
        return list(dict.fromkeys(_pdf(content)))
    if "opendocument" in media_type or "openxmlformats" in media_type:
        with archives.open_archive(content) as archive:
            parts = _docx(archive) if "openxml" in media_type else _odt(archive)
            return list(dict.fromkeys(parts))
    if media_type.startswith("image/"):
        return list(dict.fromkeys(_image(content)))
    return []


def _told(name: str, text: str) -> Iterator[Hidden]:
    words = " ".join(text.split())
    if words and name.lower() in TOLD:
        yield Hidden("author" if name.lower() in AUTHORS else "property", words)


def _pdf(content: bytes) -> Iterator[Hidden]:
    try:
        with pikepdf.open(io.BytesIO(content), suppress_warnings=True) as pdf:
            if "/Info" in pdf.trailer:
                for name, value in pdf.docinfo.items():
                    yield from _told(str(name), str(value))
            creator = pdf.open_metadata().get("dc:creator") or []
            for author in [creator] if isinstance(creator, str) else creator:
                yield from _told("dc:creator", str(author))
            for page in pdf.pages:
                yield from _pdf_notes(page)
    except (pikepdf.PdfError, ValueError, RuntimeError) as fault:
        raise BadFile(archives.DAMAGED) from fault


def _pdf_notes(page: pikepdf.Page) -> Iterator[Hidden]:
    """Sticky notes and the like; links and form fields have no words of their own."""
    for note in page.obj.get("/Annots", []):
        if note.get("/Subtype") not in ("/Link", "/Widget") and str(note.get("/Contents", "")):
            yield Hidden("comment", " ".join(str(note["/Contents"]).split()))


def _image(content: bytes) -> Iterator[Hidden]:
    """Who took a photo, what was written into it and where it was taken (EXIF, PNG's texts)."""
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as image:
            # A PNG may hold its words behind the picture.
            image.load()
            exif = image.getexif()
            detail = exif.get_ifd(ExifTags.IFD.Exif)
            yield from _exif_words({**exif, **detail})
            yield from _place_taken(exif.get_ifd(ExifTags.IFD.GPSInfo))
            yield from _image_words(image.info)
    # Pillow raises whatever it stumbles over in a block that is cut short.
    except (OSError, ValueError, SyntaxError, TypeError, KeyError, *BOMB) as fault:
        raise BadFile(archives.DAMAGED) from fault


def _exif_words(tags: dict[int, object]) -> Iterator[Hidden]:
    for tag, kind in EXIF.items():
        if words := _decoded(tag, tags.get(tag)):
            yield Hidden(kind, words)


def _decoded(tag: int, value: object) -> str:
    if isinstance(value, tuple) and tag in WINDOWS_TAGS:
        value = bytes(value)
    if isinstance(value, bytes):
        # Windows writes its own tags in UTF-16; a user's comment begins with its encoding.
        unicode = tag in WINDOWS_TAGS or value.startswith(b"UNICODE\0")
        value = value.removeprefix(b"UNICODE\0").removeprefix(b"ASCII\0\0\0")
        value = value.decode("utf-16-le" if unicode else "utf-8", errors="replace")
    return " ".join(_utf8(str(value or "")).replace("\0", " ").split())


def _utf8(text: str) -> str:
    """Pillow reads EXIF as Latin-1; most of what writes it today writes UTF-8."""
    try:
        return text.encode("latin-1").decode()
    except UnicodeError:
        return text


def _place_taken(gps: dict[int, object]) -> Iterator[Hidden]:
    north, east = gps.get(ExifTags.GPS.GPSLatitude), gps.get(ExifTags.GPS.GPSLongitude)
    if north and east:
        signs = gps.get(ExifTags.GPS.GPSLatitudeRef, ""), gps.get(ExifTags.GPS.GPSLongitudeRef, "")
        told = [
            f"{_degrees(value)} {sign}" for value, sign in zip((north, east), signs, strict=True)
        ]
        yield Hidden("location", ", ".join(told).strip())


def _degrees(value: object) -> str:
    """Degrees, minutes and seconds as one number; as it stands when it is something else."""
    try:
        whole, minutes, seconds = (float(part) for part in value)  # type: ignore[attr-defined]
    except (TypeError, ValueError, ZeroDivisionError):
        return str(value)
    return f"{whole + minutes / 60 + seconds / 3600:.5f}"


def _image_words(info: Mapping[Any, Any]) -> Iterator[Hidden]:
    """The text chunks of a PNG, the comment of a JPEG."""
    for name, value in info.items():
        kind = PICTURE_TEXTS.get(str(name).lower())
        words = _decoded(0, value) if isinstance(value, bytes | str) else ""
        if kind and words:
            yield Hidden(kind, words)


def _docx(archive: zipfile.ZipFile) -> Iterator[Hidden]:
    core = archives.read_xml(archive, "docProps/core.xml")
    for element in core if core is not None else []:
        yield from _told(element.tag.rpartition("}")[2], element.text or "")
    comments = archives.read_xml(archive, "word/comments.xml")
    for comment in comments.iter(f"{W}comment") if comments is not None else []:
        yield Hidden("comment", _signed(comment, comment.get(f"{W}author", "")))
    for part in WORD_PARTS:
        root = archives.read_xml(archive, f"word/{part}.xml")
        for name in TRACKED:
            for change in root.iter(W + name) if root is not None else []:
                yield Hidden("tracked", _signed(change, change.get(f"{W}author", "")))


def _odt(archive: zipfile.ZipFile) -> Iterator[Hidden]:
    meta = archives.read_xml(archive, "meta.xml")
    for element in meta.iter() if meta is not None else []:
        yield from _told(element.tag.rpartition("}")[2], element.text or "")
    content = archives.read_xml(archive, "content.xml")
    for element in content.iter() if content is not None else []:
        name = element.tag.rpartition("}")[2]
        if name == "annotation":
            yield Hidden("comment", _signed(element, ""))
        if name == "changed-region":
            yield Hidden("tracked", _signed(element, ""))


def _signed(element: Element, author: str) -> str:
    words = " ".join("".join(element.itertext()).split())
    return f"{author}: {words}" if author else words
