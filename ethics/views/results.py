"""The result of a review: on the page, and as a PDF that the worker makes."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.htmx import go_to, render_page
from core.once import once
from core.progress import progress_of
from ethics.models import ReviewRound
from ethics.policies import rounds as policies
from ethics.selectors.results import result_of
from ethics.services import results as services
from ethics.views.rounds import opened, review_trail


@require_safe
@opened
def review_result(request: HttpRequest, review: ReviewRound) -> HttpResponse:
    """Axes, flags, conditions, disagreement and the price of a no; for readers of the sheets."""
    policies.reads_sheets(request.user, review).require()
    trail = review_trail(review, (_("Result"), ""))
    return render_page(request, "ethics/review_result.html", result_of(review) | {"trail": trail})


@require_safe
@opened
def review_result_file(request: HttpRequest, review: ReviewRound) -> HttpResponse:
    """The PDF of the result as it is now; a button that asks for it; or how far it is."""
    policies.reads_sheets(request.user, review).require()
    work = services.find_result(review)
    if work:
        return go_to(request, reverse("core:work_file", args=[work.pk]))
    trail = review_trail(
        review,
        (_("Result"), reverse("ethics:review_result", args=[review.pk])),
        (_("PDF"), ""),
    )
    context = {"review": review, "case": review.case, "progress": progress_of(None)}
    return render_page(request, "ethics/review_result_wait.html", context | {"trail": trail})


@require_POST
@once
@opened
def review_result_request(request: HttpRequest, review: ReviewRound) -> HttpResponse:
    """Ask for the PDF, or for another try."""
    policies.reads_sheets(request.user, review).require()
    work = services.request_result(review, by=request.user)
    return go_to(request, work.get_absolute_url())
