"""Put bytes into the file store: random name, sha256, durable write (see `core.storage`)."""

import hashlib
import secrets
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from core.canonical import sha256_hex
from core.models import StoredFile


def store_bytes(data: bytes, *, filename: str, media_type: str, by: Any = None) -> StoredFile:
    """Write `data` to the store and return its row.

    The file is on disk before the row exists; a rolled back row leaves an orphan file,
    never a row without a file.
    """
    name = secrets.token_urlsafe(32)
    path = default_storage.save(f"{name[:2]}/{name}", ContentFile(data))
    return StoredFile.objects.create(
        path=path,
        sha256=sha256_hex(data),
        size=len(data),
        media_type=media_type,
        filename=filename,
        created_by=by if getattr(by, "pk", None) else None,
    )


def store_path(source: Path, *, filename: str, media_type: str, by: Any = None) -> StoredFile:
    """The same for a file that is too large to hold in memory; `source` stays where it is."""
    digest = hashlib.sha256()
    with source.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    name = secrets.token_urlsafe(32)
    with source.open("rb") as file:
        path = default_storage.save(f"{name[:2]}/{name}", File(file))
    return StoredFile.objects.create(
        path=path,
        sha256=digest.hexdigest(),
        size=source.stat().st_size,
        media_type=media_type,
        filename=filename,
        created_by=by if getattr(by, "pk", None) else None,
    )
