"""Make the PDFs that were asked for."""

import logging
from collections.abc import Callable
from mimetypes import guess_type
from typing import TYPE_CHECKING, Any

from django.core.files.storage import default_storage
from django.db import transaction

from committee.models import Municipality
from core import outbox
from core.store import store_bytes
from meetings.enums import DocumentKind
from meetings.models import Attachment, RenderedDocument
from meetings.naming import document_filename
from meetings.selectors.minuted import iso
from meetings.selectors.reading import Reading, stored_reading
from meetings.services.documents import RENDER, fingerprint, is_sealed, request_document
from meetings.services.sealing import Sealing, keep_sealed_file, seal_for, signed

if TYPE_CHECKING:
    from core.branding import Livery
    from meetings.documents.seal import SealMark

logger = logging.getLogger(__name__)


@outbox.handler(RENDER)
def render_document(payload: dict[str, Any], report: outbox.Report) -> None:
    """Make one PDF and attach it to its row; a row that has its file is done already."""
    document = (
        RenderedDocument.objects.select_related(
            "version", "meeting__committee__municipality", "meeting__rule_profile"
        )
        .filter(pk=payload["document"])
        .first()
    )
    if document is None or document.file_id:
        return
    reading = stored_reading(document.meeting, document.version, document.edition, document.without)
    if fingerprint(document.kind, reading) != document.fingerprint:
        # Access or text has changed since it was asked for; nobody can reach this one any more.
        logger.info("Document %s is out of date and is not made", document.pk)
        return
    sealing = seal_for(document.kind, reading)
    data = document_bytes(document.kind, reading, sealing=sealing, report=report)
    report("", 95)
    stored = store_bytes(
        data,
        filename=document_filename(document.meeting, document.kind, document.edition),
        media_type="application/pdf",
    )
    with transaction.atomic():
        unmade = RenderedDocument.objects.filter(pk=document.pk, file__isnull=True)
        if unmade.update(file=stored) and sealing:
            keep_sealed_file(sealing, document.edition, stored)


def sealed_file(kind: str, reading: Reading) -> bytes | None:
    """The sealed bytes of the reading, made and remembered now if they are not yet.

    None for a reading that is not sealed. There is one sealed file per content, so a second
    one is never made beside it.
    """
    if seal_for(kind, reading) is None:
        return None
    document = request_document(kind, reading, by=None)
    render_document({"document": document.pk}, lambda step, share: None)
    document.refresh_from_db()
    return document.file.read() if document.file else None


def document_bytes(
    kind: str,
    reading: Reading,
    *,
    sealing: Sealing | None = None,
    report: Callable[[str, int], None] = lambda step, share: None,
) -> bytes:
    """The PDF of a reading. Slow; runs in the worker and in commands."""
    from core.files import to_html
    from meetings.documents import agenda_pdf, minutes_pdf, pack_pdf

    colours = livery_of(reading.meeting.committee.municipality)
    edition: Any = reading.edition
    if kind == DocumentKind.MINUTES:
        data = minutes_pdf(
            reading.snapshot,
            palette=colours,
            edition=edition,
            sealed=is_sealed(reading),
            mark=_mark(sealing),
        )
        return signed(data, sealing) if sealing else data
    if kind == DocumentKind.AGENDA:
        return agenda_pdf(reading.snapshot, palette=colours, edition=edition)
    return pack_pdf(
        reading.snapshot,
        palette=colours,
        edition=edition,
        read_attachment=_read_attachment,
        progress=lambda step, share: report(step, int(share * 90)),
        to_html=to_html,
    )


def _mark(sealing: Sealing | None) -> "SealMark | None":
    from meetings.documents.seal import SealMark

    if sealing is None:
        return None
    seal, by = sealing.seal, sealing.certificate
    return SealMark(
        seal.audit_seq,
        seal.audit_hash,
        iso(seal.sealed_at),
        by.name if by else "",
        bool(by and by.is_test),
    )


def livery_of(municipality: Municipality) -> "Livery":
    """Colour and logo as documents wear them; a logo that is lost or broken is left out."""
    from core.branding import livery

    name = municipality.logo.name or ""
    if not name or not default_storage.exists(name):
        return livery(municipality.colour)
    media_type = guess_type(name)[0] or "image/png"
    with default_storage.open(name) as file:
        data = file.read()
    return livery(municipality.colour, data if _is_picture(data) else b"", media_type)


def _is_picture(data: bytes) -> bool:
    """A logo that cannot be drawn must not stop every document."""
    from io import BytesIO

    from PIL import Image

    try:
        Image.open(BytesIO(data)).verify()
    except (OSError, SyntaxError, ValueError):
        return False
    return True


def _read_attachment(row: dict[str, Any]) -> bytes:
    """The bytes of an attachment that is in the (already redacted) snapshot."""
    return Attachment.objects.select_related("file").get(pk=row["id"]).file.read()
