"""Ask for PDFs: one row per content, made by the worker, found again by fingerprint."""

from typing import Any

from core import outbox
from core.canonical import canonical_json, sha256_hex
from meetings.enums import CLOSED_RECORD, Edition
from meetings.models import Meeting, RenderedDocument
from meetings.selectors.reading import Reading, edition_reading, kinds_of, printed_reading

RENDER = "meetings.render_document"
# Raise it when the templates change what a document says, so that stale files are not served.
LAYOUT = 2


def fingerprint(kind: str, reading: Reading) -> str:
    """Names exactly one PDF: the redacted content, its kind, the colour and the logo."""
    municipality = reading.meeting.committee.municipality
    looks = [municipality.colour, municipality.logo.name or ""]
    parts = [kind, reading.snapshot, reading.edition, is_sealed(reading), looks, LAYOUT]
    return sha256_hex(canonical_json(parts))


def is_sealed(reading: Reading) -> bool:
    """Locked minutes are sealed: PDF/A-3 with the record inside."""
    return reading.kind == "minutes" and reading.meeting.state in CLOSED_RECORD


def find_document(kind: str, reading: Reading) -> RenderedDocument | None:
    """The PDF of exactly what this reader reads, if it has been asked for."""
    mark = fingerprint(kind, reading)
    return (
        RenderedDocument.objects.filter(kind=kind, fingerprint=mark).select_related("file").first()
    )


def request_document(kind: str, reading: Reading, *, by: Any) -> RenderedDocument:
    """Ask for the PDF of what this reader reads; asking twice is asking once."""
    mark = fingerprint(kind, reading)
    document, _created = RenderedDocument.objects.get_or_create(
        kind=kind,
        fingerprint=mark,
        defaults={
            "meeting": reading.meeting,
            "edition": reading.edition,
            "version": reading.version,
            "without": reading.without,
        },
    )
    if document.file_id is None:
        outbox.enqueue(
            kind=RENDER,
            key=document.outbox_key,
            payload={"document": document.pk},
            by=getattr(by, "pk", None),
        )
    return document


def request_documents(meeting: Meeting, *, kinds: tuple[str, ...], by: Any) -> None:
    """Ask for the full and the public edition of each kind, as the meeting now stands."""
    for edition in Edition.values:
        reading = edition_reading(meeting, edition)
        # Citizens may still be reading the agenda while members read the minutes.
        for kind in kinds_of(reading) if reading else ():
            if reading and kind in kinds:
                request_document(kind, printed_reading(reading, kind), by=by)
