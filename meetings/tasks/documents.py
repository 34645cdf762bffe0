"""Make the PDFs that were asked for."""

import logging
from collections.abc import Callable
from mimetypes import guess_type
from typing import TYPE_CHECKING, Any

from django.core.files.storage import default_storage

from committee.models import Municipality
from core import outbox
from core.store import store_bytes
from meetings.enums import DocumentKind
from meetings.models import Attachment, RenderedDocument
from meetings.naming import document_filename
from meetings.selectors.reading import Reading, stored_reading
from meetings.services.documents import RENDER, fingerprint, is_sealed

if TYPE_CHECKING:
    from core.branding import Livery

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
    data = document_bytes(document.kind, reading, report=report)
    report("", 95)
    stored = store_bytes(
        data,
        filename=document_filename(document.meeting, document.kind, document.edition),
        media_type="application/pdf",
    )
    RenderedDocument.objects.filter(pk=document.pk, file__isnull=True).update(file=stored)


def document_bytes(
    kind: str, reading: Reading, *, report: Callable[[str, int], None] = lambda step, share: None
) -> bytes:
    """The PDF of a reading. Slow; runs in the worker and in commands."""
    from core.files import to_html
    from meetings.documents import agenda_pdf, minutes_pdf, pack_pdf

    colours = livery_of(reading.meeting.committee.municipality)
    edition: Any = reading.edition
    if kind == DocumentKind.MINUTES:
        return minutes_pdf(
            reading.snapshot, palette=colours, edition=edition, sealed=is_sealed(reading)
        )
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
