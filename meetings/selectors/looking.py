"""Look into a file once: its bytes never change, so what is in it is remembered by sha256."""

from collections.abc import Collection

from core.canonical import sha256_hex
from core.files.metadata import Hidden, hidden_text
from core.models import StoredFile
from core.remembering import Remembered
from meetings.scanning import Match, scan

HIDDEN: Remembered[tuple[Hidden, ...]] = Remembered(500)
MATCHES: Remembered[tuple[Match, ...]] = Remembered(2000)


def hidden_in(file: StoredFile) -> tuple[Hidden, ...]:
    """What the file says beside its pages. Raises `BadFile` or `OSError`, each time anew."""
    return HIDDEN.get(
        (file.sha256, file.media_type), lambda: tuple(hidden_text(file.read(), file.media_type))
    )


def scan_once(
    text: str, domains: Collection[str], phones: Collection[str], names: Collection[str]
) -> tuple[Match, ...]:
    """`scan`, remembered by the text and by what is looked for."""
    key = (sha256_hex(text.encode()), tuple(domains), tuple(phones), tuple(sorted(names)))
    return MATCHES.get(
        key, lambda: tuple(scan(text, own_domains=domains, own_phones=phones, names=names))
    )
