"""Ask for the PDF of a review's result: one work per content."""

from typing import Any

from django.utils.translation import gettext as _

from core import works
from core.canonical import canonical_json, sha256_hex
from core.models import Work
from ethics import reviewing
from ethics.models import ReviewRound

RESULT = "ethics.result"
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


def result_key(review: ReviewRound) -> str:
    return f"{RESULT}:{fingerprint(review)}"


def find_result(review: ReviewRound) -> Work | None:
    """The PDF of the result as it is now, if it has been asked for."""
    return works.find_work(result_key(review))


def request_result(review: ReviewRound, *, by: Any) -> Work:
    """Ask for it; asking twice is asking once."""
    return works.request_work(
        kind=RESULT,
        key=result_key(review),
        title=_("Ethics review of %(number)s: the result") % {"number": review.case.number},
        params={"review": review.pk},
        by=by,
    )


def result_filename(review: ReviewRound) -> str:
    return f"{review.case.number}-etisk-vurdering-{review.number}.pdf".lower()
