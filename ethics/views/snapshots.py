"""What was decided on."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.htmx import go_to, render_page
from core.once import once
from ethics.selectors import snapshots as selectors
from ethics.services.snapshots import take_snapshot
from usecases.policies import reading_level
from usecases.views.fetch import case_trail, get_case, get_own_case


@login_not_required
@require_safe
def snapshot_page(request: HttpRequest, case_id: int) -> HttpResponse:
    """The facts that the decision rests on, as they were frozen."""
    case = get_case(request, case_id)
    if reading_level(request.user, case) not in ("full", "public"):
        raise Http404
    context = selectors.snapshot_page(request.user, case)
    context["trail"] = case_trail(case, (_("What was decided on"), ""))
    return render_page(request, "ethics/snapshot_page.html", context)


@require_POST
@once
def snapshot_take(request: HttpRequest, case_id: int) -> HttpResponse:
    """Freeze everything that is known of the case now."""
    case = get_own_case(request, case_id)
    row = take_snapshot(case, request.user)
    messages.success(request, _("Snapshot %(number)s is frozen.") % {"number": row.number})
    return go_to(request, reverse("ethics:snapshot_page", args=[case.pk]))
