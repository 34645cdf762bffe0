"""Names of files: what may be shown, stored beside the bytes and sent in a header."""

import re
import unicodedata

from django.utils.translation import gettext

MAX_LENGTH = 150
FORBIDDEN = re.compile(r'[<>:"|?*;%]+')
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def extension(name: str) -> str:
    """The last extension in lower case with its dot, or an empty string."""
    stem, dot, last = name.rpartition(".")
    return f".{last.lower()}" if dot and stem else ""


def safe_filename(name: str) -> str:
    """`name` without path, control characters, direction marks and quotes; æ, ø and å stay.

    The result can stand in a `Content-Disposition` header (RFC 6266) and on any disk.
    """
    last = unicodedata.normalize("NFC", re.split(r"[/\\]", name)[-1])
    spaced = "".join(" " if letter.isspace() else letter for letter in last)
    visible = "".join(letter for letter in spaced if unicodedata.category(letter)[0] != "C")
    plain = re.sub(r"\s+", " ", FORBIDDEN.sub("-", visible)).strip(" .")
    if RESERVED.fullmatch(plain):
        plain = f"_{plain}"
    return _shorten(plain) or gettext("file")


def _shorten(name: str) -> str:
    if len(name) <= MAX_LENGTH:
        return name
    tail = extension(name)[:12]
    return name[: MAX_LENGTH - len(tail)].rstrip(" .") + tail
