"""The long works of this app."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from core import works
from core.models import Work
from core.outbox import Report
from ethics.models import ReviewRound
from ethics.policies import rounds as policies
from ethics.services.results import RESULT, result_filename, result_key


def make_result(work: Work, report: Report) -> works.Made | None:
    review = _current(work)
    if review is None:
        return None
    # WeasyPrint takes a while to import; only the worker needs it.
    from ethics.documents import result_pdf

    report(gettext_noop("Laying out the pages"), 10)
    return works.Made(result_pdf(review), result_filename(review))


def may_open_result(user: Any, work: Work) -> bool:
    """Readers of the sheets, and only while it is what the page says, too."""
    review = _current(work)
    return review is not None and bool(policies.reads_sheets(user, review))


def _current(work: Work) -> ReviewRound | None:
    """The review, unless access or text has changed since the work was asked for."""
    rows = ReviewRound.objects.select_related("case__committee__municipality")
    review = rows.filter(pk=work.params["review"]).first()
    return review if review and result_key(review) == work.key else None


works.register(works.Maker(RESULT, _("Result of an ethics review"), make_result, may_open_result))
