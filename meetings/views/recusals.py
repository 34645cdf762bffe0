"""Whether a member is disqualified: raise it, decide it, vote on it, correct the times."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from committee.models import User
from core.htmx import go_to, render_page
from core.numbers import whole_number
from core.once import once
from core.templatetags.ur import clock
from core.verdicts import Refused
from meetings import policies
from meetings.enums import MeetingState
from meetings.forms.recusals import RaiseForm, TimesForm
from meetings.models import AgendaItem, Disqualification, OutOfRoom, VoteRound
from meetings.selectors.recusals import can_be_asked_about, case_page
from meetings.services.disqualification import correct_times, declare_disqualified, settle_late
from meetings.services.dissents import write_dissent
from meetings.services.votes import (
    cast_vote,
    close_round,
    open_vote_on_disqualification,
    settle_without_count,
)
from meetings.views.fetch import (
    get_insider_meeting,
    get_item,
    named_member,
    record_closed_reading,
)
from meetings.views.meetings import meeting_trail


def get_case(request: HttpRequest, meeting_id: int, row_id: int) -> Disqualification:
    """The case, if this reader follows what the committee decides about it."""
    get_insider_meeting(request, meeting_id)
    rows = Disqualification.objects.select_related("member", "declared_by", "settled_by")
    case = get_object_or_404(rows, pk=row_id, item__meeting=meeting_id)
    case.item = get_item(request, meeting_id, case.item_id)
    if not policies.can_follow_disqualification(request.user, case):
        raise Http404
    return case


def get_case_round(case: Disqualification, round_id: int) -> VoteRound:
    row = get_object_or_404(VoteRound, pk=round_id, disqualification=case)
    row.disqualification = case
    return row


@require_safe
def recusal_page(request: HttpRequest, meeting_id: int, row_id: int) -> HttpResponse:
    """The case. Of a closed item, reading its heading and the grounds is recorded."""
    case = get_case(request, meeting_id, row_id)
    item = case.item
    if item.is_closed and policies.reads_item(request.user, item):
        record_closed_reading(item, item.meeting, request)
    return _page(request, case)


def _page(
    request: HttpRequest, case: Disqualification, status: int = 200, **extra: Any
) -> HttpResponse:
    context = case_page(request.user, case) | extra
    context["times"] = _times_forms(case, extra.get("asked"), extra.get("form"))
    label = _("Item %(number)s") % {"number": case.item.position}
    context["trail"] = meeting_trail(case.item.meeting, label, _("Impartiality"))
    return render_page(request, "meetings/recusal_page.html", context, status=status)


def _times_forms(
    case: Disqualification, asked: OutOfRoom | None, form: TimesForm | None
) -> list[tuple[OutOfRoom | None, TimesForm]]:
    """A form for each time the member was out and one for a new time; `form` is as it was sent."""
    rows: list[OutOfRoom | None] = [*case.times_out.all(), None]
    return [(row, form if form and row == asked else TimesForm.of(row)) for row in rows]


def _back(request: HttpRequest, case: Disqualification) -> HttpResponse:
    return go_to(request, reverse("meetings:recusal_page", args=[case.item.meeting_id, case.pk]))


@once
def recusal_raise(request: HttpRequest, meeting_id: int, item_id: int) -> HttpResponse:
    """Ask whether another member is disqualified."""
    item = get_item(request, meeting_id, item_id)
    policies.can_raise_disqualification(request.user, item).require()
    members = can_be_asked_about(request.user, item)
    tells = bool(policies.can_edit_meeting(request.user, item.meeting))
    form = RaiseForm(request.POST or None, members=members, tells=tells)
    if form.is_ready() and (case := _raise(request, item, form)):
        messages.success(request, _("It is raised. The committee decides it in the meeting."))
        return _back(request, case)
    context = {"form": form, "item": item, "meeting": item.meeting}
    context["trail"] = meeting_trail(item.meeting, _("Ask whether somebody is disqualified"))
    return render_page(request, "meetings/recusal_raise.html", context, status=form.status)


def _raise(request: HttpRequest, item: AgendaItem, form: RaiseForm) -> Disqualification | None:
    facts = dict(form.cleaned_data)
    member = get_object_or_404(User, pk=facts.pop("member"))
    return form.attempt(
        lambda: declare_disqualified(item=item, member=member, by=request.user, **facts)
    )


@require_POST
@once
def recusal_move(request: HttpRequest, meeting_id: int, row_id: int, move: str) -> HttpResponse:
    """What the committee decided without a count, or open the vote on it."""
    case = get_case(request, meeting_id, row_id)
    if move not in {"inhabil", "habil", "aabn"}:
        raise Http404
    try:
        messages.success(request, _move(request, case, move))
    except Refused as refusal:
        typed = {key: request.POST.get(key, "") for key in ("ground", "reason")}
        return _page(request, case, 422, refused=refusal.reason, typed=typed)
    return _back(request, case)


def _move(request: HttpRequest, case: Disqualification, move: str) -> str:
    ground, by = request.POST.get("ground", ""), request.user
    upheld = move == "inhabil"
    if move == "aabn":
        open_vote_on_disqualification(case=case, by=by)
        return _("The vote is open. The members can vote now.")
    if case.item.meeting.state == MeetingState.IN_SESSION:
        settle_without_count(case=case, upheld=upheld, by=by, ground=ground)
    else:
        reason = request.POST.get("reason", "")
        settle_late(case=case, upheld=upheld, by=by, ground=ground, reason=reason)
    return _settled_words(case)


def _settled_words(case: Disqualification) -> str:
    words = {"name": case.member.name}
    if case.lifted_at:
        return _("%(name)s is impartial and has access to the item's papers again.") % words
    return _("%(name)s is disqualified and takes no part in the item.") % words


@require_POST
@once
def recusal_vote(request: HttpRequest, meeting_id: int, row_id: int, round_id: int) -> HttpResponse:
    """Hand in one's own vote, or (the secretariat) that of the member named."""
    case = get_case(request, meeting_id, row_id)
    member = named_member(request)
    choice = request.POST.get("choice", "")
    row = get_case_round(case, round_id)
    try:
        vote = cast_vote(vote_round=row, member=member, choice=choice, by=request.user)
    except Refused as refusal:
        return _page(request, case, 422, refused=refusal.reason)
    said = {"name": member.name, "vote": vote.get_choice_display(), "clock": clock(vote.cast_at)}
    if member.pk == request.user.pk:
        messages.success(request, _("You voted %(vote)s %(clock)s.") % said)
    else:
        messages.success(request, _("%(name)s voted %(vote)s %(clock)s.") % said)
    return _back(request, case)


@require_POST
@once
def recusal_close(
    request: HttpRequest, meeting_id: int, row_id: int, round_id: int
) -> HttpResponse:
    """Count the votes; the majority decides the case."""
    case = get_case(request, meeting_id, row_id)
    close_round(vote_round=get_case_round(case, round_id), by=request.user)
    case.refresh_from_db(fields=["state", "lifted_at"])
    messages.success(request, _settled_words(case))
    return _back(request, case)


@require_POST
@once
def recusal_dissent(
    request: HttpRequest, meeting_id: int, row_id: int, round_id: int
) -> HttpResponse:
    """A dissenting opinion to what the committee found; a refused one comes back as written."""
    case = get_case(request, meeting_id, row_id)
    row = get_case_round(case, round_id)
    member = named_member(request)
    text, reason = request.POST.get("text", ""), request.POST.get("reason", "")
    try:
        write_dissent(vote_round=row, member=member, text=text, reason=reason, by=request.user)
    except Refused as refusal:
        written = {"member": member.pk, "text": text, "reason": reason}
        return _page(request, case, 422, refused=refusal.reason, written=written)
    messages.success(request, _("The dissenting opinion is in the minutes."))
    return _back(request, case)


@require_POST
@once
def recusal_times(request: HttpRequest, meeting_id: int, row_id: int) -> HttpResponse:
    """Correct when the member left the room and came back."""
    case = get_case(request, meeting_id, row_id)
    policies.can_settle_disqualification(request.user, case).require()
    pk = request.POST.get("row", "")
    row = get_object_or_404(case.times_out, pk=whole_number(pk)) if pk else None
    form = TimesForm(request.POST, auto_id=TimesForm.of(row).auto_id)
    if not form.is_valid():
        return _page(request, case, 422, asked=row, form=form)
    left, returned = form.moments(case.item.meeting)
    try:
        correct_times(case=case, left_at=left, returned_at=returned, by=request.user, time_out=row)
    except Refused as refusal:
        form.refuse(refusal)
        return _page(request, case, 422, asked=row, form=form)
    messages.success(request, _("The times are saved."))
    return _back(request, case)
