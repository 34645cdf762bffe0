"""An item's motions and votes: one page, and the acts on it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_POST, require_safe

from committee.models import User
from core.htmx import go_to, keep_login, render_page, wants_fragment
from core.numbers import whole_number
from core.once import once
from core.templatetags.ur import clock
from core.verdicts import Refused, StaleState
from meetings import policies
from meetings.forms.votes import MotionForm
from meetings.models import AgendaItem, Motion, VoteRound
from meetings.selectors.live import is_running, live_stamp
from meetings.selectors.motions import votes_page
from meetings.services.dissents import write_dissent
from meetings.services.motions import move_motion, propose, use_adopted_text, withdraw_motion
from meetings.services.votes import acclaim, cast_vote, close_round, open_round
from meetings.views.fetch import get_item, named_member, record_closed_reading
from meetings.views.live import record_following, render_live
from meetings.views.meetings import meeting_trail


def get_votes_item(request: HttpRequest, meeting_id: int, item_id: int) -> AgendaItem:
    """The item, if this reader may follow its votes."""
    item = get_item(request, meeting_id, item_id)
    if not policies.can_follow_votes(request.user, item):
        raise Http404
    return item


def get_motion(item: AgendaItem, motion_id: int) -> Motion:
    motion = get_object_or_404(Motion.objects.select_related("proposer"), pk=motion_id, item=item)
    motion.item = item
    return motion


def get_round(item: AgendaItem, round_id: int) -> VoteRound:
    rows = VoteRound.objects.select_related("motion")
    row = get_object_or_404(rows, pk=round_id, motion__item=item)
    row.motion.item = item  # type: ignore[union-attr]
    return row


def _stamp(request: HttpRequest, meeting_id: int, item_id: int) -> str | None:
    """The ETag of a poll, as the live meeting's."""
    if not wants_fragment(request):
        return None
    meeting = get_votes_item(request, meeting_id, item_id).meeting
    if is_running(meeting):
        keep_login(request)
    return f'"{live_stamp(request.user, meeting)}"'


@require_safe
@condition(etag_func=_stamp)
def item_votes(request: HttpRequest, meeting_id: int, item_id: int) -> HttpResponse:
    """Motions, the open vote and the results. Of a closed item, reading it is recorded."""
    item = get_votes_item(request, meeting_id, item_id)
    if item.is_closed and wants_fragment(request):
        record_following(request, item, None)
    elif item.is_closed:
        record_closed_reading(item, item.meeting, request)
    return _page(request, item)


def _page(request: HttpRequest, item: AgendaItem, status: int = 200, **extra: Any) -> HttpResponse:
    if request.POST.get("from") == "live":
        return render_live(request, item.meeting, status, **extra)
    context = votes_page(request.user, item) | {"stamp": live_stamp(request.user, item.meeting)}
    kinds = context["kinds"]
    context["form"] = MotionForm(
        members=context["members"], kinds=kinds, initial={"kind": kinds[-1][0]}
    )
    label = _("Item %(number)s") % {"number": item.position}
    context["trail"] = meeting_trail(item.meeting, label, _("Motions and votes"))
    return render_page(
        request, "meetings/item_votes.html", context | extra, fragment="votes", status=status
    )


def _back(request: HttpRequest, item: AgendaItem) -> HttpResponse:
    """To the page the act was done on."""
    if request.POST.get("from") == "live":
        return go_to(request, reverse("meetings:meeting_live", args=[item.meeting_id]))
    return go_to(request, reverse("meetings:item_votes", args=[item.meeting_id, item.pk]))


@require_POST
@once
def motion_add(request: HttpRequest, meeting_id: int, item_id: int) -> HttpResponse:
    """Write down a motion."""
    item = get_votes_item(request, meeting_id, item_id)
    policies.can_handle_motions(request.user, item).require()
    page = votes_page(request.user, item)
    form = MotionForm(request.POST, members=page["members"], kinds=page["kinds"])
    if form.is_valid():
        facts = form.cleaned_data
        proposer = get_object_or_404(User, pk=facts.pop("proposer"))
        try:
            propose(item=item, proposer=proposer, by=request.user, **facts)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The motion is written down."))
            return _back(request, item)
    return _page(request, item, 422, form=form)


def _open(motion: Motion, by: Any) -> str:
    open_round(motion=motion, by=by)
    return _("The vote is open. The members can vote now.")


def _withdraw(motion: Motion, by: Any) -> str:
    withdraw_motion(motion=motion, by=by)
    return _("The motion is withdrawn.")


def _acclaim(*, adopted: bool) -> Any:
    def act(motion: Motion, by: Any) -> str:
        acclaim(motion=motion, adopted=adopted, by=by)
        return _("The result is recorded.")

    return act


def _move(*, down: bool) -> Any:
    def act(motion: Motion, by: Any) -> str:
        move_motion(motion=motion, down=down, by=by)
        return _("The order is changed.")

    return act


MOVES: dict[str, Any] = {
    "aabn": _open,
    "vedtaget": _acclaim(adopted=True),
    "forkastet": _acclaim(adopted=False),
    "traek": _withdraw,
    "op": _move(down=False),
    "ned": _move(down=True),
}


@require_POST
@once
def motion_move(
    request: HttpRequest, meeting_id: int, item_id: int, motion_id: int, move: str
) -> HttpResponse:
    """One act on a motion: open a vote, record a result, withdraw, up, down."""
    item = get_votes_item(request, meeting_id, item_id)
    motion = get_motion(item, motion_id)
    if move not in MOVES:
        raise Http404
    try:
        messages.success(request, MOVES[move](motion, request.user))
    except Refused as refusal:
        return _page(request, item, 422, refused=refusal.reason)
    return _back(request, item)


@require_POST
@once
def vote_cast(request: HttpRequest, meeting_id: int, item_id: int, round_id: int) -> HttpResponse:
    """Hand in one's own vote, or (the secretariat) that of the member named."""
    item = get_votes_item(request, meeting_id, item_id)
    row = get_round(item, round_id)
    member, choice = _ballot(request)
    try:
        vote = cast_vote(vote_round=row, member=member, choice=choice, by=request.user)
    except Refused as refusal:
        return _page(request, item, 422, refused=refusal.reason)
    except StaleState as stale:
        return _page(request, item, 409, refused=stale.reason)
    said = {"name": member.name, "vote": vote.get_choice_display(), "clock": clock(vote.cast_at)}
    if member.pk == request.user.pk:
        messages.success(request, _("You voted %(vote)s %(clock)s.") % said)
    else:
        messages.success(request, _("%(name)s voted %(vote)s %(clock)s.") % said)
    return _back(request, item)


def _ballot(request: HttpRequest) -> tuple[Any, str]:
    """Who votes what; a button of the secretariat's list says both at once."""
    pk, colon, choice = request.POST.get("vote", "").partition(":")
    if colon:
        return get_object_or_404(User, pk=whole_number(pk)), choice
    return named_member(request), request.POST.get("choice", "")


@require_POST
@once
def vote_close(request: HttpRequest, meeting_id: int, item_id: int, round_id: int) -> HttpResponse:
    """Count and freeze."""
    item = get_votes_item(request, meeting_id, item_id)
    row = close_round(vote_round=get_round(item, round_id), by=request.user)
    messages.success(
        request, _("The vote is closed: %(result)s.") % {"result": row.get_outcome_display()}
    )
    return _back(request, item)


@require_POST
@once
def dissent_write(
    request: HttpRequest, meeting_id: int, item_id: int, round_id: int
) -> HttpResponse:
    """A dissenting opinion to a closed vote; a refused one comes back with its text."""
    item = get_votes_item(request, meeting_id, item_id)
    row = get_round(item, round_id)
    text, reason = request.POST.get("text", ""), request.POST.get("reason", "")
    try:
        write_dissent(
            vote_round=row, member=named_member(request), text=text, reason=reason, by=request.user
        )
    except Refused as refusal:
        written = {"round": row.pk, "text": text, "reason": reason}
        return _page(request, item, 422, refused=refusal.reason, written=written)
    messages.success(request, _("The dissenting opinion is in the minutes."))
    return _back(request, item)


@require_POST
@once
def adopted_text_use(request: HttpRequest, meeting_id: int, item_id: int) -> HttpResponse:
    """Put the adopted text where the decision is written."""
    item = get_votes_item(request, meeting_id, item_id)
    try:
        use_adopted_text(item=item, by=request.user)
    except Refused as refusal:
        return _page(request, item, 422, refused=refusal.reason)
    messages.success(request, _("The adopted text is the draft of the decision."))
    if request.POST.get("from") == "live":
        return _back(request, item)
    return go_to(
        request, reverse("meetings:item_edit", args=[item.meeting_id, item.pk]) + "#decision"
    )
