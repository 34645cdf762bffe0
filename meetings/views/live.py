"""The meeting while it goes on: lead it, follow it, show it on the wall."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from core.htmx import go_to, render_page, wants_fragment
from core.once import once
from meetings import policies
from meetings.enums import MeetingState
from meetings.forms.live import PresenceForm
from meetings.forms.meetings import attendance_from
from meetings.models import Meeting
from meetings.selectors.live import live_page, live_stamp
from meetings.selectors.seats import seated_members
from meetings.services.presence import (
    come,
    complete_step,
    finish_item,
    leave,
    record_attendance,
    take_up,
)
from meetings.views.fetch import get_insider_meeting, get_item
from meetings.views.meetings import meeting_trail


def _stamp(request: HttpRequest, meeting_id: int, *, counts_votes: bool = False) -> str | None:
    """The ETag of a poll; a whole page always comes anew, with its messages and its forms."""
    if not wants_fragment(request):
        return None
    meeting = get_insider_meeting(request, meeting_id)
    return f'"{live_stamp(request.user, meeting, counts_votes=counts_votes)}"'


_screen_stamp = partial(_stamp, counts_votes=True)


@require_safe
@condition(etag_func=_stamp)
def meeting_live(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Those who lead the meeting act here; the members follow along."""
    meeting = get_insider_meeting(request, meeting_id)
    if wants_fragment(request) and meeting.state != MeetingState.IN_SESSION:
        return HttpResponseClientRefresh()
    return _page(request, meeting)


@require_safe
@condition(etag_func=_screen_stamp)
def meeting_screen(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """For the wall of the room: what everybody there may read, in large letters."""
    meeting = get_insider_meeting(request, meeting_id)
    context = live_page(request.user, meeting)
    context["stamp"] = live_stamp(request.user, meeting, counts_votes=True)
    return render_page(request, "meetings/meeting_screen.html", context, fragment="screen")


def _page(request: HttpRequest, meeting: Meeting, status: int = 200, **extra: Any) -> HttpResponse:
    context = live_page(request.user, meeting) | {"form": PresenceForm()} | extra
    context["trail"] = meeting_trail(meeting, _("The meeting"))
    return render_page(
        request, "meetings/meeting_live.html", context, fragment="live", status=status
    )


def _back(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    return go_to(request, reverse("meetings:meeting_live", args=[meeting.pk]))


@require_POST
@once
def roll_call(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Write who is there; the first opening step is then done."""
    meeting = get_insider_meeting(request, meeting_id)
    policies.can_run_session(request.user, meeting).require()
    ids = [member.user_id for member in seated_members(meeting)]
    record_attendance(meeting=meeting, statuses=attendance_from(request.POST, ids), by=request.user)
    if "roll_call" not in meeting.opening:
        complete_step(meeting=meeting, step="roll_call", by=request.user)
    messages.success(request, _("Attendance is saved."))
    return _back(request, meeting)


@require_POST
@once
def opening_step(request: HttpRequest, meeting_id: int, step: str) -> HttpResponse:
    """One of the steps before the first item is done."""
    meeting = get_insider_meeting(request, meeting_id)
    complete_step(meeting=meeting, step=step, by=request.user)
    return _back(request, meeting)


@require_POST
@once
def presence_change(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """A member came or left."""
    meeting = get_insider_meeting(request, meeting_id)
    policies.can_run_session(request.user, meeting).require()
    form = PresenceForm(request.POST)
    if not form.is_valid():
        return _page(request, meeting, 422, form=form)
    act = come if form.cleaned_data["move"] == "come" else leave
    at = form.moment(meeting)
    act(meeting=meeting, member_id=form.cleaned_data["member"], at=at, by=request.user)
    return _back(request, meeting)


@require_POST
@once
def item_take_up(request: HttpRequest, meeting_id: int, item_id: int) -> HttpResponse:
    """Put an item on the table."""
    item = get_item(request, meeting_id, item_id)
    take_up(item=item, by=request.user)
    return _back(request, item.meeting)


@require_POST
@once
def item_finish(request: HttpRequest, meeting_id: int, item_id: int) -> HttpResponse:
    """Take the item off the table."""
    item = get_item(request, meeting_id, item_id)
    finish_item(item=item, by=request.user)
    return _back(request, item.meeting)
