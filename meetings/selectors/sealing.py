"""Which sealed file a PDF is, and how much of that a reader may be told."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from core.audit import Anchor
from core.canonical import sha256_hex
from meetings.enums import Edition
from meetings.models import IssuedVersion, Meeting, Seal, SealedFile
from meetings.selectors.reading import reading


@dataclass(frozen=True)
class Told:
    """A sealed document as one reader may know it; `seal` is None when it is not theirs to read."""

    is_test: bool
    is_signed: bool
    edition: str = ""
    seal: Seal | None = None


def seal_of(version: IssuedVersion | None) -> Seal | None:
    """The newest seal of the version; None for what was locked before there were seals."""
    return version.seals.order_by("-audit_seq").first() if version else None


def seal_anchors() -> Iterator[Anchor]:
    """The rows of the protocol chain that seals quote."""
    for seq, digest in Seal.objects.values_list("audit_seq", "audit_hash"):
        yield Anchor(seq, digest)


def find_sealed(data: bytes) -> SealedFile | None:
    """The sealed file with exactly these bytes."""
    files = SealedFile.objects.select_related("seal__version", "seal__meeting__committee")
    return files.filter(sha256=sha256_hex(data)).first()


def told_to(user: Any, found: SealedFile) -> Told:
    """What `user` may learn: which meeting it is only when they read that very version today."""
    is_signed = bool(found.signed_by)
    if not _reads(user, found):
        return Told(found.is_test, is_signed)
    return Told(found.is_test, is_signed, found.edition, found.seal)


def _reads(user: Any, found: SealedFile) -> bool:
    meetings = Meeting.objects.visible_to(user).select_related("committee", "rule_profile")
    meeting = meetings.filter(pk=found.seal.meeting_id).first()
    read = reading(user, meeting) if meeting else None
    if read is None or read.version is None or read.version.pk != found.seal.version_id:
        return False
    return found.edition == Edition.PUBLIC or read.edition == Edition.FULL
