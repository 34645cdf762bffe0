"""The meeting while it goes on: lead it, follow it, show it on the wall."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from committee.models import User
from core.htmx import go_to, keep_login, render_page, wants_fragment
from core.models import AuditEntry
from core.numbers import whole_number
from core.once import once
from core.verdicts import Refused
from meetings import policies
from meetings.enums import DECISION, MeetingState
from meetings.forms.live import PresenceForm
from meetings.forms.meetings import attendance_from
from meetings.models import AgendaItem, Meeting, Sitting
from meetings.selectors.live import READ_CLOSED, is_running, live_page, live_stamp, screen_page
from meetings.selectors.seats import seat_owners
from meetings.services.holding import record_decision
from meetings.services.presence import (
    come,
    complete_step,
    finish_item,
    leave,
    record_attendance,
    take_up,
)
from meetings.services.substitutes import name_substitute
from meetings.views.conflicts import conflict_page
from meetings.views.fetch import (
    get_insider_meeting,
    get_item,
    get_working_item,
    record_closed_reading,
)
from meetings.views.meetings import meeting_trail


def _stamp(request: HttpRequest, meeting_id: int, *, counts_votes: bool = False) -> str | None:
    """The ETag of a poll; a whole page always comes anew, with its messages and its forms."""
    if not wants_fragment(request):
        return None
    meeting = get_insider_meeting(request, meeting_id)
    if is_running(meeting):
        keep_login(request)
    return f'"{live_stamp(request.user, meeting, counts_votes=counts_votes)}"'


_screen_stamp = partial(_stamp, counts_votes=True)


@require_safe
@condition(etag_func=_stamp)
def meeting_live(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Those who lead the meeting act here; the members follow along."""
    meeting = get_insider_meeting(request, meeting_id)
    if wants_fragment(request) and meeting.state != MeetingState.IN_SESSION:
        return HttpResponseClientRefresh()
    return render_live(request, meeting)


@require_safe
@condition(etag_func=_screen_stamp)
def meeting_screen(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """For the wall of the room: what everybody there may read, in large letters."""
    meeting = get_insider_meeting(request, meeting_id)
    context = screen_page(request.user, meeting)
    context["stamp"] = live_stamp(request.user, meeting, counts_votes=True)
    return render_page(request, "meetings/meeting_screen.html", context, fragment="screen")


def render_live(
    request: HttpRequest, meeting: Meeting, status: int = 200, **extra: Any
) -> HttpResponse:
    """The page or its fragment; that a closed item was followed is recorded once per sitting."""
    context = live_page(request.user, meeting) | {"form": PresenceForm()} | extra
    context["trail"] = meeting_trail(meeting, _("The meeting"))
    for item in _closed_items(context):
        record_following(request, item, context["sitting"])
    return render_page(
        request, "meetings/meeting_live.html", context, fragment="live", status=status
    )


def _closed_items(context: dict[str, Any]) -> list[AgendaItem]:
    """The closed items of which more than the heading is on the page."""
    shown = [context["votes"]["item"]] if context["votes"] else []
    if context["shown"]:
        shown.append(context["current"].item)
    return [item for item in dict.fromkeys(shown) if item.is_closed]


def record_following(request: HttpRequest, item: AgendaItem, sitting: Sitting | None) -> None:
    """Following a closed item is reading it; every later poll is the same reading."""
    since = sitting.began_at if sitting else item.meeting.held_from or item.meeting.starts_at
    reader = request.real_user  # type: ignore[attr-defined]
    known = AuditEntry.objects.filter(
        verb=READ_CLOSED,
        object_type=item._meta.label,
        object_id=str(item.pk),
        actor_id=reader.pk,
        at__gte=since,
    )
    if not known.exists():
        record_closed_reading(item, item.meeting, request)


def _back(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    return go_to(request, reverse("meetings:meeting_live", args=[meeting.pk]))


@require_POST
@once
def roll_call(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Write who is there; the first opening step is then done."""
    meeting = get_insider_meeting(request, meeting_id)
    policies.can_run_session(request.user, meeting).require()
    ids = [member.user_id for member in seat_owners(meeting)]
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
        return render_live(request, meeting, 422, form=form)
    act = come if form.cleaned_data["move"] == "come" else leave
    at = form.moment(meeting)
    act(meeting=meeting, member_id=form.cleaned_data["member"], at=at, by=request.user)
    return _back(request, meeting)


def _login_of(email: str) -> User:
    user = User.objects.filter(email__iexact=email, is_active=True).first() if email else None
    if user is None:
        raise Refused(_("Nobody with a login has that e-mail. Ask the administrator for one."))
    return user


@require_POST
@once
def substitute_name(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Somebody with a login fills a member's seat in this meeting."""
    meeting = get_insider_meeting(request, meeting_id)
    policies.can_name_substitute(request.user, meeting).require()
    email = request.POST.get("email", "").strip()
    pk = whole_number(request.POST.get("member")) or 0
    try:
        user = _login_of(email)
        name_substitute(meeting=meeting, member_id=pk, user=user, by=request.user)
    except Refused as refusal:
        return render_live(request, meeting, 422, refused=refusal.reason, substitute_email=email)
    messages.success(request, _("%(name)s fills the seat in this meeting.") % {"name": user.name})
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


@require_POST
@once
def item_decide(request: HttpRequest, meeting_id: int, item_id: int) -> HttpResponse:
    """Write the outcome and the decision; somebody else's change meanwhile is settled by hand."""
    item = get_working_item(request, meeting_id, item_id)
    text, outcome = request.POST.get("text", ""), request.POST.get("outcome", "")
    base = request.POST.get("base", "")
    written = {"decision": text, "chosen": outcome}
    try:
        saved = record_decision(
            item=item,
            outcome=outcome,
            texts={DECISION: text},
            versions={DECISION: whole_number(base) or 0},
            by=request.user,
        )
    except Refused as refusal:
        return render_live(request, item.meeting, 422, refused=refusal.reason, typed=written)
    if saved.conflicts:
        return conflict_page(request, item, saved)
    messages.success(request, _("The decision is saved."))
    return _back(request, item.meeting)
