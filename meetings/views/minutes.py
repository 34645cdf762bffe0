"""Hold the meeting, write the minutes, lock, publish, and read the protocol."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from core.htmx import go_to, render_page
from core.once import once
from core.verdicts import Refused
from meetings import policies
from meetings.forms.meetings import ReasonForm
from meetings.models import Meeting
from meetings.selectors.minutes import minutes_page, protocol_rows, publish_page
from meetings.services.holding import move_meeting
from meetings.services.minutes import (
    lock_minutes,
    publish_minutes,
    reopen_minutes,
    send_for_approval,
    withdraw_minutes,
)
from meetings.views.fetch import get_insider_meeting, get_working_meeting
from meetings.views.meetings import meeting_trail


@require_safe
def meeting_minutes(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Where the minutes stand: item by item, what is missing, what can be done now."""
    meeting = get_insider_meeting(request, meeting_id)
    context = minutes_page(request.user, meeting)
    context["trail"] = meeting_trail(meeting, _("Minutes"))
    return render_page(request, "meetings/meeting_minutes.html", context)


Move = Callable[..., Any]
# Name in the address → (what is done, what is said).
MOVES: dict[str, tuple[Move, Any]] = {
    "begin": (move_meeting, gettext_lazy("The meeting has begun.")),
    "end": (move_meeting, gettext_lazy("The meeting is over. Write the minutes.")),
    "resume": (move_meeting, gettext_lazy("The meeting goes on.")),
    "send_for_approval": (
        send_for_approval,
        gettext_lazy("The minutes are sent for approval. The members can read them now."),
    ),
    "reopen_minutes": (reopen_minutes, gettext_lazy("You can correct the minutes again.")),
    "lock": (
        lock_minutes,
        gettext_lazy("The minutes are locked. Corrections can only be made as numbered additions."),
    ),
}


@require_POST
@once
def meeting_move(request: HttpRequest, meeting_id: int, move: str) -> HttpResponse:
    """Carry out one move of the meeting."""
    meeting = get_insider_meeting(request, meeting_id)
    if move not in MOVES:
        raise Http404
    act, said = MOVES[move]
    extra = {"move": move} if act is move_meeting else {}
    act(meeting=meeting, by=request.user, **extra)
    messages.success(request, said)
    return go_to(request, reverse("meetings:meeting_minutes", args=[meeting.pk]))


@once
def meeting_publish(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Check exactly what will become public, then publish it."""
    meeting = get_working_meeting(request, meeting_id)
    if request.method == "POST":
        try:
            publish_minutes(meeting=meeting, by=request.user)
        except Refused as refusal:
            return _publish_page(request, meeting, 422, refused=str(refusal.reason))
        messages.success(request, _("The minutes are published. Citizens can read them now."))
        return go_to(request, meeting.get_absolute_url())
    return _publish_page(request, meeting)


def _publish_page(
    request: HttpRequest, meeting: Meeting, status: int = 200, **extra: Any
) -> HttpResponse:
    context = publish_page(request.user, meeting) | extra
    context["trail"] = meeting_trail(meeting, _("Publication"))
    context["has_errors"] = bool(context["missing"])
    return render_page(request, "meetings/meeting_publish.html", context, status=status)


@once
def meeting_withdraw(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Take published minutes back from the public."""
    meeting = get_working_meeting(request, meeting_id)
    policies.can_publish_minutes(request.user, meeting).require()
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        withdraw_minutes(meeting=meeting, reason=form.cleaned_data["reason"], by=request.user)
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


@require_safe
def meeting_protocol(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Every act on the meeting, newest first, with its number in the chain."""
    meeting = get_working_meeting(request, meeting_id)
    context = {
        "meeting": meeting,
        "acts": protocol_rows(request.user, meeting),
        "tab": "protocol",
        "works": True,
        "is_insider": True,
        "trail": meeting_trail(meeting, _("Protocol")),
    }
    return render_page(request, "meetings/meeting_protocol.html", context)
