"""Ask for the PDF of a review's result: one row per content, made by the worker."""

from typing import Any

from core import outbox
from core.canonical import canonical_json, sha256_hex
from ethics import reviewing
from ethics.models import ResultDocument, ReviewRound

RENDER = "ethics.render_result"
# Raise it when the template changes what the document says, so that stale files are not served.
LAYOUT = 2


def fingerprint(review: ReviewRound) -> str:
    """Names exactly one PDF: what is decided on, where the review stands, and the colours."""
    municipality = review.case.committee.municipality
    looks = [municipality.colour, municipality.logo.name or ""]
    stands = [review.state, str(review.signed_at), review.outcome, review.case.title]
    notes = [(one.question.id, one.is_answered) for one in reviewing.flags_of(review)]
    return sha256_hex(
        canonical_json([review.pk, reviewing.content_of(review), stands, notes, looks, LAYOUT])
    )


def find_result(review: ReviewRound) -> ResultDocument | None:
    """The PDF of the result as it is now, if it has been asked for."""
    rows = ResultDocument.objects.filter(fingerprint=fingerprint(review))
    return rows.select_related("file").first()


def request_result(review: ReviewRound, *, by: Any) -> ResultDocument:
    """Ask for it; asking twice is asking once."""
    document, _created = ResultDocument.objects.get_or_create(
        fingerprint=fingerprint(review), defaults={"round": review}
    )
    if document.file_id is None:
        outbox.enqueue(
            kind=RENDER,
            key=document.outbox_key,
            payload={"document": document.pk},
            by=getattr(by, "pk", None),
        )
    return document


def result_filename(review: ReviewRound) -> str:
    return f"{review.case.number}-etisk-vurdering-{review.number}.pdf".lower()
