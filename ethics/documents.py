"""The result of a review as a PDF that a committee reads in two minutes."""

from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core.branding import palette
from core.documents import palette_css, pdf_prose, render_pdf
from core.templatetags.ur import full_date
from ethics.models import ReviewRound
from ethics.selectors.results import result_of

LANGUAGE = "da"


def result_pdf(review: ReviewRound) -> bytes:
    """PDF/UA-1, in Danish; the same result always gives the same bytes."""
    with translation.override(LANGUAGE):
        title = _("Ethics review: %(case)s") % {"case": review.case.title}
        return render_pdf(
            template="pdf/review_result.html",
            context=_context(review),
            title=title,
            created=review.signed_at or review.revealed_at or review.opened_at or timezone.now(),
        )


def _context(review: ReviewRound) -> dict[str, Any]:
    committee = review.case.committee
    state = f"{review.get_kind_display()}, {review.get_state_display().lower()}"
    return result_of(review) | {
        "owner": committee.municipality.name,
        "committee": committee,
        "palette_css": palette_css(palette(committee.municipality.colour)),
        "running": {
            "body": committee.name,
            "meeting": f"{review.case.number}, {review.case.title}",
            "version": f"{state}, {full_date(review.state_since)}",
        },
        "state": state,
        "assessment": pdf_prose(review.assessment, under=2) if review.signed_at else "",
    }
