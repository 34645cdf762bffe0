"""What a file says beside its pages: who made it, comments, tracked changes."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from xml.etree.ElementTree import Element

import pikepdf

from core.files import archives
from core.files.errors import BadFile

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
AUTHORS = {"creator", "lastmodifiedby", "/author", "dc:creator", "initial-creator"}
TOLD = {"title", "subject", "description", "keywords", "/title", "/subject", "/keywords"} | AUTHORS
WORD_PARTS = ("document", "footnotes", "endnotes")
TRACKED = ("ins", "del", "moveFrom", "moveTo")


@dataclass(frozen=True)
class Hidden:
    """One thing a reader of the pages does not see: what sort it is, and its words."""

    kind: Literal["author", "property", "comment", "tracked"]
    text: str


def hidden_text(content: bytes, media_type: str) -> list[Hidden]:
    """The metadata, comments and tracked changes of a PDF, DOCX or ODT; nothing for images.

    A file that cannot be read raises `BadFile`; it came in through `inspect`, so it is damaged.
    """
    if media_type == "application/pdf":
        return list(dict.fromkeys(_pdf(content)))
    if "opendocument" in media_type or "openxmlformats" in media_type:
        with archives.open_archive(content) as archive:
            parts = _docx(archive) if "openxml" in media_type else _odt(archive)
            return list(dict.fromkeys(parts))
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
