"""Seal locked minutes: quote the protocol chain, sign, and remember the final bytes."""

from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from core.models import AuditEntry, StoredFile
from core.sealing import Certificate, certificate, sign
from meetings.enums import DocumentKind
from meetings.models import IssuedVersion, Seal, SealedFile
from meetings.selectors.reading import Reading
from meetings.selectors.sealing import seal_of
from meetings.services.documents import is_sealed


@dataclass(frozen=True)
class Sealing:
    """A seal on its way into a file: what it quotes, and what it signs with."""

    seal: Seal
    certificate: Certificate | None


def seal(version: IssuedVersion, act: AuditEntry) -> Seal:
    """Bind the locked version to the act that locked it, which is the chain's newest row."""
    return Seal.objects.create(
        meeting_id=version.meeting_id,
        version=version,
        sha256=version.sha256,
        audit_seq=act.seq,
        audit_hash=act.hash,
        sealed_at=act.at,
    )


def seal_for(kind: str, reading: Reading) -> Sealing | None:
    """What a document of this reading is sealed with; None when it is not to be sealed.

    Raises `SealError` when the configured certificate cannot be used.
    """
    if kind != DocumentKind.MINUTES or not is_sealed(reading):
        return None
    found = seal_of(reading.version)
    return Sealing(found, certificate()) if found else None


def signed(data: bytes, sealing: Sealing) -> bytes:
    """The bytes with the municipality's signature, where there is a certificate."""
    if sealing.certificate is None:
        return data
    with translation.override("da"):
        label, reason = _("Digital signature (seal)"), _("Approved and locked minutes")
    return sign(data, by=sealing.certificate, label=label, reason=reason)


def keep_sealed_file(sealing: Sealing, edition: str, file: StoredFile) -> SealedFile:
    """Remember the final bytes, so that a copy of them is known again."""
    by = sealing.certificate
    facts: dict[str, Any] = {
        "seal": sealing.seal,
        "edition": edition,
        "file": file,
        "signed_by": by.name[:200] if by else "",
        "is_test": bool(by and by.is_test),
    }
    kept, _created = SealedFile.objects.get_or_create(sha256=file.sha256, defaults=facts)
    return kept
