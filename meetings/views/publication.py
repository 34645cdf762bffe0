"""Check what becomes public, ask for it, approve it, take it back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from core.htmx import go_to, render_page
from core.once import once
from core.verdicts import Refused
from meetings import policies
from meetings.forms.meetings import ReasonForm
from meetings.models import Meeting
from meetings.selectors.publication_page import publish_page
from meetings.services.publication import (
    ask_publication,
    publish_minutes,
    resolve_findings,
    withdraw_minutes,
)
from meetings.views.fetch import get_working_meeting
from meetings.views.meetings import meeting_trail

REASON = "reason-"


@once
def meeting_publish(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Check exactly what will become public, then publish it (or approve that it is)."""
    meeting = get_working_meeting(request, meeting_id)
    if request.method == "POST":
        try:
            publish_minutes(meeting=meeting, by=request.user)
        except Refused as refusal:
            return _page(request, meeting, 422, refused=str(refusal.reason))
        messages.success(request, _("The minutes are published. Citizens can read them now."))
        return go_to(request, meeting.get_absolute_url())
    return _page(request, meeting)


@require_POST
@once
def meeting_publish_ask(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Ask another person to approve the publication."""
    meeting = get_working_meeting(request, meeting_id)
    try:
        ask_publication(meeting=meeting, by=request.user)
    except Refused as refusal:
        return _page(request, meeting, 422, refused=str(refusal.reason))
    messages.success(
        request, _("You have asked. The chair or a colleague can now approve the publication.")
    )
    return go_to(request, reverse("meetings:meeting_publish", args=[meeting.pk]))


@require_POST
@once
def meeting_findings(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Write why what was found may be public."""
    meeting = get_working_meeting(request, meeting_id)
    reasons = {
        name.removeprefix(REASON): str(text)
        for name, text in request.POST.items()
        if name.startswith(REASON)
    }
    try:
        count = resolve_findings(meeting=meeting, reasons=reasons, by=request.user)
    except Refused as refusal:
        return _page(request, meeting, 422, refused=str(refusal.reason), written=reasons)
    said = ngettext("%(n)s reason is saved.", "%(n)s reasons are saved.", count) % {"n": count}
    messages.success(request, said)
    return go_to(request, reverse("meetings:meeting_publish", args=[meeting.pk]))


def _page(
    request: HttpRequest,
    meeting: Meeting,
    status: int = 200,
    written: dict[str, str] | None = None,
    **extra: Any,
) -> HttpResponse:
    context = publish_page(request.user, meeting) | extra
    # What was typed stands there still when it is refused.
    context["rows"] = [(finding, (written or {}).get(finding.key, "")) for finding in
                       context["waiting"]]  # fmt: skip
    context["trail"] = meeting_trail(meeting, _("Publication"))
    context["has_errors"] = bool(context["missing"] or extra.get("refused"))
    return render_page(request, "meetings/meeting_publish.html", context, status=status)


@once
def meeting_withdraw(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Take published minutes back from the public."""
    meeting = get_working_meeting(request, meeting_id)
    policies.can_publish_minutes(request.user, meeting).require()
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            withdraw_minutes(meeting=meeting, reason=form.cleaned_data["reason"], by=request.user)
        except Refused as refusal:
            form.add_error("reason", str(refusal.reason))
        else:
            messages.success(request, _("The minutes are withdrawn. Citizens no longer see them."))
            return go_to(request, reverse("meetings:meeting_minutes", args=[meeting.pk]))
    context = {
        "form": form,
        "meeting": meeting,
        "trail": meeting_trail(meeting, _("Withdraw the minutes")),
    }
    return render_page(
        request, "meetings/meeting_withdraw.html", context, status=422 if form.errors else 200
    )
