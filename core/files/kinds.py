"""The kinds of file that may come in, told apart by their content."""

import io
import zipfile
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["pdf", "docx", "odt", "png", "jpeg"]

MAX_BYTES = 25 * 1024 * 1024
DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT_TYPE = "application/vnd.oasis.opendocument.text"
MEDIA_TYPES: dict[Kind, str] = {
    "pdf": "application/pdf",
    "docx": DOCX_TYPE,
    "odt": ODT_TYPE,
    "png": "image/png",
    "jpeg": "image/jpeg",
}
EXTENSIONS: dict[str, Kind] = {
    ".pdf": "pdf",
    ".docx": "docx",
    ".odt": "odt",
    ".png": "png",
    ".jpg": "jpeg",
    ".jpeg": "jpeg",
}
MAGIC: tuple[tuple[bytes, Kind], ...] = (
    (b"%PDF-", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
)
# Old Word files, and new ones locked with a password, share this container.
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP_MAGIC = b"PK\x03\x04"


def sniff(data: bytes) -> Kind | None:
    """The kind that the first bytes (and a ZIP's members) promise; None when it is none of ours.

    A promise only: `inspect` reads the whole file.
    """
    for magic, kind in MAGIC:
        if data.startswith(magic):
            return kind
    return _sniff_zip(data) if data.startswith(ZIP_MAGIC) else None


def _sniff_zip(data: bytes) -> Kind | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError):
        return None
    if {"[Content_Types].xml", "word/document.xml"} <= names:
        return "docx"
    return "odt" if {"mimetype", "content.xml"} <= names else None


def ends_as_zip(data: bytes) -> bool:
    """Whether `data` can also be opened as a ZIP: its last record ends exactly at the end."""
    at = data.rfind(b"PK\x05\x06", max(len(data) - 65_557, 0))
    if at < 0 or len(data) - at < 22:
        return False
    return at + 22 + int.from_bytes(data[at + 20 : at + 22], "little") == len(data)
