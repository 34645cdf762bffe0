"""Front pages."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from committee.context import current_committee
from committee.models import Committee, Municipality
from core.htmx import go_to, render_page
from portal.selectors.front import front_page
from portal.selectors.work import my_work as my_work_page
from portal.services import mark_news_read


def _committee_of(request: HttpRequest) -> Committee | None:
    visible = Committee.objects.visible_to(request.user).select_related("municipality")
    return current_committee(request, list(visible.order_by("name")))


@login_not_required
@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """Those who log in begin with their work; everybody else with what the body is about."""
    if request.user.is_authenticated:
        return redirect("portal:my_work")
    committee = _front_committee(request)
    if committee is not None:
        request.committee_id = committee.pk  # type: ignore[attr-defined]
    return render_page(request, "portal/front.html", front_page(request.user, committee))


def _front_committee(request: HttpRequest) -> Committee | None:
    """The chosen body, else the one that asks citizens something."""
    chosen = _committee_of(request)
    if chosen is None or chosen.question:
        return chosen
    asking = Committee.objects.visible_to(request.user).exclude(question="")
    return asking.select_related("municipality").order_by("name").first() or chosen


@require_safe
def my_work(request: HttpRequest) -> HttpResponse:
    """What waits for me, the next meeting, and what changed since I was here."""
    return render_page(request, "portal/my_work.html", my_work_page(request.user))


@require_POST
def news_read(request: HttpRequest) -> HttpResponse:
    """Mark what was shown as read; what happened while it was read stays new."""
    until = parse_datetime(request.POST.get("until", ""))
    if until is None or timezone.is_naive(until):
        until = timezone.now()
    mark_news_read(until=until, by=request.user)
    messages.success(request, _("What was new is marked as read."))
    return go_to(request, reverse("portal:my_work"))


@login_not_required
@require_safe
def was(request: HttpRequest) -> HttpResponse:
    """The accessibility statement: the municipality's own when it has one."""
    committee = _committee_of(request)
    municipality = committee.municipality if committee else Municipality.objects.first()
    if municipality is not None and municipality.was_url:
        return redirect(municipality.was_url)
    return render_page(request, "portal/was.html", {"municipality": municipality})
