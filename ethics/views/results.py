"""The result of a review: on the page, and as a PDF that the worker makes."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core import outbox
from core.htmx import go_to, render_page, wants_fragment
from core.models import OutboxEntry, OutboxState
from core.once import once
from core.responses import file_response
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
    """The PDF of the result as it is now; until it is made, a page that says so."""
    policies.reads_sheets(request.user, review).require()
    document = services.find_result(review)
    if document and document.file and not wants_fragment(request):
        return file_response(
            request, document.file, filename=services.result_filename(review), inline=True
        )
    entry = OutboxEntry.objects.filter(key=document.outbox_key).first() if document else None
    context: dict[str, Any] = {
        "review": review,
        "case": review.case,
        "document": document,
        "entry": entry,
        "is_waiting": entry is not None and not entry.is_settled,
        "failed": entry is not None and entry.state == OutboxState.FAILED,
        "trail": review_trail(
            review,
            (_("Result"), reverse("ethics:review_result", args=[review.pk])),
            (_("PDF"), ""),
        ),
    }
    response = render_page(request, "ethics/review_result_wait.html", context, fragment="progress")
    response.headers["Cache-Control"] = "no-store"
    return response


@require_POST
@once
@opened
def review_result_request(request: HttpRequest, review: ReviewRound) -> HttpResponse:
    """Ask for the PDF, or for another try."""
    policies.reads_sheets(request.user, review).require()
    document = services.request_result(review, by=request.user)
    entry = OutboxEntry.objects.filter(key=document.outbox_key).first()
    if entry and document.file_id is None:
        outbox.requeue(entry)
    return go_to(request, reverse("ethics:review_result_file", args=[review.pk]))
