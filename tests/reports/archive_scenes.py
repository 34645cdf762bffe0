"""A body with a published meeting, and its packages in both editions."""

import io
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.utils import timezone

from core import outbox
from core.models import StoredFile
from meetings.models import Meeting
from reports.models import ArchivePackage
from reports.services.archive import request_package
from tests.meetings.scenes import Scene, a_scene, attach, bring_to

# What the scene writes on its closed item; none of it may reach the public.
SECRETS = (b"HEMMELIG", b"hemmelig")


def held_meeting(state: str = "published", **fields: Any) -> Scene:
    """A meeting with an open and a closed item, a file on each, brought to `state`."""
    scene = a_scene(**fields)
    attach(scene, scene.opened, "Bilag")
    attach(scene, scene.closed, "HEMMELIGFIL", access="closed")
    return bring_to(scene, state)


def ask(scene: Scene, edition: str = "full", **facts: Any) -> ArchivePackage:
    """Ask for the package around the scene's meeting."""
    day = timezone.localtime(scene.meeting.starts_at).date()
    period = {"period_from": day - timedelta(days=30), "period_to": day + timedelta(days=30)}
    who = facts.pop("by", None) or scene.again(scene.secretary)
    return request_package(committee=scene.committee, edition=edition, by=who, **period | facts)


def made(scene: Scene, edition: str = "full", **facts: Any) -> ArchivePackage:
    package = ask(scene, edition, **facts)
    outbox.drain()
    return ArchivePackage.objects.get(pk=package.pk)


def file_of(package: ArchivePackage) -> StoredFile:
    assert package.work.file is not None
    return package.work.file


def stored_path(package: ArchivePackage) -> Path:
    return Path(default_storage.path(file_of(package).path))


def members(data: bytes) -> dict[str, bytes]:
    """Name inside the package → bytes."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}


def unpack(data: bytes, folder: Path) -> Path:
    """The bag's folder below `folder`."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        archive.extractall(folder)
        return folder / archive.namelist()[0].split("/")[0]


def repack(
    data: bytes, changes: dict[str, bytes | None], extra: dict[str, bytes] | None = None
) -> bytes:
    """The same ZIP with other bytes in some members (None: without it), its own sums right."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            content = changes.get(entry.filename.partition("/")[2], old.read(entry.filename))
            if content is not None:
                new.writestr(entry.filename, content)
        for name, content in (extra or {}).items():
            new.writestr(name, content)
    return out.getvalue()


def move_back(scene: Scene, days: int) -> None:
    """Let the meeting have been so many days ago, without an act."""
    row = Meeting.objects.get(pk=scene.meeting.pk)
    begin, end = row.starts_at - timedelta(days=days), row.ends_at - timedelta(days=days)
    Meeting.objects.filter(pk=row.pk).update(starts_at=begin, ends_at=end)
    scene.meeting.refresh_from_db()
