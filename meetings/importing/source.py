"""Bytes to lines of text: encodings, documents, and what cannot be read at all."""

import re
import unicodedata
from pathlib import PurePath

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.files import BadFile, inspect, sniff, to_html
from core.files.errors import readable_size, sentence
from core.files.inspection import EMPTY, OLD_WORD, TOO_BIG
from core.files.kinds import EXTENSIONS, MAX_BYTES, OLE_MAGIC
from core.text import html_to_text

MAX_TEXT = 5 * 1024 * 1024
BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")
SPACES = re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000]")
NEW_LINES = re.compile("\r\n|[\r\x0b\x85\u2028\u2029]")
READABLE_SHARE = 0.005
FEW = 2

NOT_TEXT = _("The file cannot be read as text. Import minutes as text, Markdown, DOCX or PDF.")
NO_TEXT = _("There is no text in the file. If it is scanned, run text recognition on it first.")
RICH_TEXT = _("The file is in Rich Text Format. Save it as DOCX and import that.")


class ImportRefused(BadFile):
    """Nothing could be read. `reason` says why and what to do."""


def source_text(data: bytes, filename: str) -> str:
    """The text of the minutes as it is parsed and accounted for: normalised lines, Markdown."""
    try:
        text = normalise(_read(data, filename))
    except ImportRefused:
        raise
    except BadFile as fault:
        raise ImportRefused(fault.reason) from fault
    if not any(letter.isalnum() for letter in text):
        raise ImportRefused(NO_TEXT)
    return text


def normalise(text: str) -> str:
    """NFC, `\\n` for every kind of line end, plain spaces, no invisible characters."""
    lines = NEW_LINES.sub("\n", unicodedata.normalize("NFC", text))
    return SPACES.sub(" ", CONTROL.sub("", INVISIBLE.sub("", lines)))


def is_document(data: bytes, filename: str) -> bool:
    """Whether the bytes are a document of their own and not plain text."""
    extension = PurePath(filename).suffix.lower()
    return extension in EXTENSIONS or extension == ".docm" or sniff(data) is not None


def _read(data: bytes, filename: str) -> str:
    if len(data) == 0:
        raise ImportRefused(EMPTY)
    if len(data) > MAX_BYTES:
        raise ImportRefused(_too_big(len(data), MAX_BYTES))
    return _document(data, filename) if is_document(data, filename) else _plain(data)


def _too_big(size: int, limit: int) -> str | Promise:
    return sentence(TOO_BIG, size=readable_size(size), limit=readable_size(limit))


def _document(data: bytes, filename: str) -> str:
    """What a document says; its name may lie about the type, its bytes may not."""
    kind = sniff(data)
    path = PurePath(filename)
    honest = kind is None or path.suffix.lower() in (*EXTENSIONS, ".docm")
    name = path.name if honest else f"{path.stem or 'x'}.{kind}"
    found = inspect(data, name, with_text=kind == "pdf")
    if found.kind in ("docx", "odt"):
        return html_to_text(to_html(data, found.kind))
    return found.text


def _plain(data: bytes) -> str:
    if data.startswith(OLE_MAGIC):
        raise ImportRefused(OLD_WORD)
    if data.startswith(b"{\\rtf"):
        raise ImportRefused(RICH_TEXT)
    if len(data) > MAX_TEXT:
        raise ImportRefused(_too_big(len(data), MAX_TEXT))
    text = _decode(data)
    if len(CONTROL.findall(text)) > max(FEW, len(text) * READABLE_SHARE):
        raise ImportRefused(NOT_TEXT)
    return text


def _decode(data: bytes) -> str:
    """By byte order mark, then UTF-8, then UTF-16 without a mark, then Windows' Western."""
    for encoding in (*_marked(data), "utf-8", *_unmarked_utf16(data), "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeError:
            continue
        if encoding != "utf-8" or "\x00" not in text:
            return text
    return data.decode("latin-1")


def _marked(data: bytes) -> list[str]:
    return [encoding for mark, encoding in BOMS if data.startswith(mark)][:1]


def _unmarked_utf16(data: bytes) -> list[str]:
    half = max(len(data) // 2, 1)
    if data[1::2].count(0) > half * 0.4:
        return ["utf-16-le"]
    return ["utf-16-be"] if data[::2].count(0) > half * 0.4 else []
