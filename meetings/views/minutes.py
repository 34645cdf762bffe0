"""Hold the meeting, write the minutes, lock, and read the protocol."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from committee.enums import Role
from committee.models import roles_in
from core.htmx import go_to, render_page
from core.once import once
from meetings.selectors.minutes import minutes_page, protocol_rows
from meetings.services.holding import move_meeting
from meetings.services.minutes import (
    lock_minutes,
    reopen_minutes,
    send_for_approval,
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


@require_safe
def meeting_protocol(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Every act on the meeting, newest first, with its number in the chain."""
    meeting = get_working_meeting(request, meeting_id)
    context = {
        "meeting": meeting,
        "acts": protocol_rows(request.user, meeting),
        "tab": "protocol",
        "hands_off": Role.SECRETARIAT in roles_in(request.user, meeting.committee_id),
        "works": True,
        "is_insider": True,
        "trail": meeting_trail(meeting, _("Protocol")),
    }
    return render_page(request, "meetings/meeting_protocol.html", context)
