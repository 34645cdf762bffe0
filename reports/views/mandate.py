"""How far a body is, the re-visit of its work, and the hand-over to the next body."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from committee import policies
from committee.models import Committee, HandOver, Revisit
from committee.services import hold_revisit
from core.htmx import go_to, render_page
from core.once import once
from core.verdicts import NotAllowed
from reports.forms.mandate import HandOverForm, RevisitForm
from reports.selectors import handover, mandate
from reports.services.handover import hand_over as carry_out

READ_OR_WRITE = ["GET", "HEAD", "POST"]


def get_committee(request: HttpRequest, slug: str) -> Committee:
    """The body, if this reader may know of it."""
    rows = Committee.objects.visible_to(request.user).select_related("municipality")
    committee = get_object_or_404(rows, slug=slug)
    request.committee_id = committee.pk  # type: ignore[attr-defined]
    return committee


def progress_url(committee: Committee) -> str:
    return reverse("reports:mandate_progress", args=[committee.slug])


def _trail(committee: Committee, *steps: tuple[Any, str]) -> list[dict[str, Any]]:
    rows = [
        (committee.name, committee.get_absolute_url()),
        (_("Progress of the mandate"), progress_url(committee)),
        *steps,
    ]
    return [{"label": label, "url": url} for label, url in rows]


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


# Progress -------------------------------------------------------------------------------------


@login_not_required
@require_safe
def mandate_progress(request: HttpRequest, slug: str) -> HttpResponse:
    """How far the body is with its kommissorium; `?siden=2026-01-01` marks what moved since."""
    since = _day(request.GET.get("siden", ""))
    page = mandate.progress(request.user, slug, since)
    if page is None:
        raise Http404
    request.committee_id = page.committee.pk  # type: ignore[attr-defined]
    trail = [
        {"label": page.committee.name, "url": page.committee.get_absolute_url()},
        {"label": _("Progress of the mandate"), "url": ""},
    ]
    context = {"page": page, "committee": page.committee, "since": since, "trail": trail}
    return render_page(request, "reports/mandate_progress.html", context)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


# The re-visit ---------------------------------------------------------------------------------


@require_http_methods(READ_OR_WRITE)
@once
def revisit_new(request: HttpRequest, slug: str) -> HttpResponse:
    """Write down what looking at the work again led to."""
    committee = get_committee(request, slug)
    form = RevisitForm(committee, _sent(request))
    ready = form.is_ready(policies.can_hold_revisit(request.user, committee))
    if ready and form.carries_out(
        lambda: hold_revisit(
            committee=committee,
            due_on=form.cleaned_data["due_on"],
            held=form.held(),
            by=request.user,
        )
    ):
        messages.success(request, _("The re-visit is recorded."))
        return go_to(request, f"{progress_url(committee)}#genbesoeg")
    context = {
        "form": form,
        "committee": committee,
        "earlier": list(Revisit.objects.filter(committee=committee)),
        "back": progress_url(committee),
        "trail": _trail(committee, (_("Re-visit"), "")),
    }
    return render_page(request, "reports/revisit_new.html", context, status=form.status)


# The hand-over --------------------------------------------------------------------------------


@require_http_methods(READ_OR_WRITE)
@once
def hand_over(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything open in the body, ticked; a post gives it to the next body."""
    giver = get_committee(request, slug)
    policies.can_hand_over(request.user, giver).require()
    receivers = handover.receivers_for(request.user, giver)
    receiver = _chosen(request, receivers)
    if request.method == "POST" and receiver is None:
        raise NotAllowed(policies.BOTH)
    listing = handover.open_work(giver, request.user)
    form = HandOverForm(listing, _sent(request))
    if receiver and form.is_ready(policies.can_hand_over(request.user, giver, receiver)):
        done = form.attempt(
            lambda: carry_out(giver=giver, receiver=receiver, plan=form.plan(), by=request.user)
        )
        if done is not None:
            messages.success(request, _("The work is handed over."))
            return go_to(request, done.get_absolute_url())
    if form.stopped == 409:
        form.look_again(handover.open_work(giver, request.user))
    context = _hand_over_context(form, giver, receiver, receivers)
    return render_page(request, "reports/hand_over.html", context, status=form.status)


def _chosen(request: HttpRequest, receivers: list[Committee]) -> Committee | None:
    """The successor that was asked for, or the only one there is."""
    asked = request.POST.get("til") or request.GET.get("til")
    if asked:
        return next((one for one in receivers if one.slug == asked), None)
    return receivers[0] if len(receivers) == 1 else None


def _hand_over_context(
    form: HandOverForm, giver: Committee, receiver: Committee | None, receivers: list[Committee]
) -> dict[str, Any]:
    listing = form.listing
    return {
        "form": form,
        "committee": giver,
        "receiver": receiver,
        "receivers": receivers,
        "cases": form.ticks(listing.cases),
        "follow_ups": form.ticks(listing.follow_ups),
        "is_empty": not listing.bundles,
        "along": _along_words(form),
        "back": progress_url(giver),
        "trail": _trail(giver, (_("Hand-over"), "")),
    }


def _along_words(form: HandOverForm) -> str:
    count = sum(len(bundle.along) for bundle in form.listing.cases)
    return ngettext("%(n)s thing goes along", "%(n)s things go along", count) % {"n": count}


@require_safe
def hand_over_page(request: HttpRequest, slug: str, hand_over_id: int) -> HttpResponse:
    """What was handed over; for those who belong to one of the two bodies."""
    rows = HandOver.objects.select_related("giver", "receiver", "by").filter(giver__slug=slug)
    row = get_object_or_404(rows, pk=hand_over_id)
    if not policies.reads_hand_over(request.user, row.giver_id, row.receiver_id):
        raise Http404
    request.committee_id = row.giver_id  # type: ignore[attr-defined]
    context = handover.hand_over_page(request.user, row)
    context["trail"] = _trail(row.giver, (_("Hand-over"), ""))
    return render_page(request, "reports/hand_over_page.html", context)
