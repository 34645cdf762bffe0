"""Locked minutes: add to them, or have them reopened by two persons."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from core.htmx import go_to, render_page
from core.once import once
from core.verdicts import Refused
from meetings import policies
from meetings.forms.approval import AdditionForm
from meetings.forms.meetings import ReasonForm
from meetings.selectors.approval import answerable_items
from meetings.selectors.reopening import reopening_page
from meetings.services.additions import (
    add_addition,
    approve_reopening,
    ask_reopening,
    drop_reopening,
)
from meetings.views.fetch import get_working_meeting
from meetings.views.meetings import meeting_trail


@once
def addition_new(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Write the next numbered addition."""
    meeting = get_working_meeting(request, meeting_id)
    policies.can_add_addition(request.user, meeting).require()
    items = answerable_items(request.user, meeting)
    form = AdditionForm(request.POST if request.method == "POST" else None, items=items)
    if form.is_ready():
        facts = {key: form.cleaned_data[key] for key in ("text", "public_text", "reason")}
        row = form.attempt(
            lambda: add_addition(meeting=meeting, item=form.chosen, by=request.user, **facts)
        )
        if row:
            said = _("Addition %(number)s stands in the minutes.") % {"number": row.number}
            messages.success(request, said)
            return go_to(request, reverse("meetings:meeting_minutes", args=[meeting.pk]))
    context = {
        "form": form,
        "meeting": meeting,
        "number": meeting.additions.count() + 1,
        "trail": meeting_trail(meeting, _("Addition")),
    }
    return render_page(request, "meetings/addition_new.html", context, status=form.status)


@once
def meeting_reopen(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Ask that locked minutes are reopened; another person approves or turns it down."""
    meeting = get_working_meeting(request, meeting_id)
    act = request.POST.get("act", "") if request.method == "POST" else ""
    if act == "approve":
        approve_reopening(meeting=meeting, by=request.user)
        messages.success(request, _("The minutes are open again. The sealed ones are kept."))
        return go_to(request, reverse("meetings:meeting_minutes", args=[meeting.pk]))
    if act == "drop":
        drop_reopening(meeting=meeting, by=request.user)
        messages.success(request, _("The minutes stay locked."))
        return go_to(request, reverse("meetings:meeting_minutes", args=[meeting.pk]))
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            ask_reopening(meeting=meeting, reason=form.cleaned_data["reason"], by=request.user)
        except Refused as refusal:
            form.add_error("reason", str(refusal.reason))
        else:
            messages.success(request, _("You have asked. Another person can now approve it."))
            return go_to(request, reverse("meetings:meeting_reopen", args=[meeting.pk]))
    context = reopening_page(request.user, meeting) | {
        "form": form,
        "trail": meeting_trail(meeting, _("Reopen the minutes")),
    }
    return render_page(
        request, "meetings/meeting_reopen.html", context, status=422 if form.errors else 200
    )
