"""Votes: a round opens, each votes once, the round closes and its result is frozen.

The row of the round is the lock: a vote is in before the round closes and is counted, or it
comes after and is refused.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.canonical import canonical_json, sha256_hex
from core.templatetags.ur import clock
from core.verdicts import Refused, StaleState, Verdict
from meetings import policies
from meetings.enums import (
    AttendanceStatus,
    DisqualificationSource,
    DisqualificationState,
    VoteChoice,
    VoteMethod,
    VoteResult,
)
from meetings.models import AgendaItem, Disqualification, Meeting, Motion, Vote, VoteRound
from meetings.selectors.motions import votes_of
from meetings.selectors.presence import present_now
from meetings.selectors.recusals import may_vote_in, present_to_settle, presiding_in
from meetings.selectors.seats import seated_members
from meetings.services.disqualification import settle
from meetings.voting import MAJORITY, vote_result
from meetings.workflow import MOTION

TERMS = "item__meeting__rule_profile__terms"
WITH = (f"motion__{TERMS}", f"disqualification__{TERMS}", "disqualification__member")

IN_THE_ROOM = AttendanceStatus.in_the_room()


@transaction.atomic
def open_round(*, motion: Motion, by: Any) -> VoteRound:
    """Let the members vote by name. One vote is open in a meeting at a time.

    Raises `Refused` without a quorum where the rules ask for one, `StaleState` when a vote is
    open already.
    """
    item = _locked_meeting(motion)
    policies.can_run_votes(by, item).require()
    _require_on_agenda(item)
    _require_no_open_vote(item)
    _require_no_open_question(item)
    _require_quorum(item, present_now(item))
    MOTION.apply(motion, "open_vote")
    return _begin(motion, by)


@transaction.atomic
def open_vote_on_disqualification(*, case: Disqualification, by: Any) -> VoteRound:
    """Let the members vote by name on whether one of them is disqualified.

    Raises as `open_round` does; the quorum is counted without the member concerned.
    """
    _ready_to_settle(case, by)
    if not case.is_raised:
        raise StaleState(_("The committee has decided it already. Nothing was changed."))
    return _begin(case, by)


def _ready_to_settle(case: Disqualification, by: Any) -> None:
    """Hold the meeting; refuse who may not, a second open vote, and too few to decide."""
    item = _locked_meeting(case)
    case.refresh_from_db(fields=["state"])
    policies.can_vote_on_disqualification(by, case).require()
    _require_on_agenda(item)
    _require_no_open_vote(item)
    _require_quorum(item, present_to_settle(case))


def _begin(subject: Motion | Disqualification, by: Any) -> VoteRound:
    row = VoteRound.objects.create(
        **_about(subject),
        number=subject.rounds.count() + 1,
        method=VoteMethod.NAME,
        opened_by=by,
    )
    _record("meetings.open_vote", row, by)
    return row


def _about(subject: Motion | Disqualification) -> dict[str, Any]:
    name = "motion" if isinstance(subject, Motion) else "disqualification"
    return {name: subject}


def _locked_meeting(subject: Motion | Disqualification) -> AgendaItem:
    """The subject's item, with its meeting as it is now and locked till the end."""
    item = subject.item
    item.meeting = Meeting.objects.select_for_update().get(pk=item.meeting_id)
    return item


def _require_on_agenda(item: AgendaItem) -> None:
    if item.removed_at:
        raise StaleState(_("The item has been taken off the agenda. Nothing was changed."))


def _require_no_open_vote(item: AgendaItem) -> None:
    if other := VoteRound.objects.in_meeting(item.meeting_id).open().first():
        raise StaleState(
            _("A vote is open on item %(number)s. Close it first. Nothing was changed.")
            % {"number": other.item.position}
        )


def _require_no_open_question(item: AgendaItem) -> None:
    """Who is asked about by another is not kept from the vote before the body has decided it.

    One who says it of themselves just leaves the room.
    """
    raised = item.disqualifications.filter(
        state=DisqualificationState.RAISED, source=DisqualificationSource.OTHER
    )
    if row := raised.select_related("member").first():
        raise Refused(
            _("The committee has first to decide whether %(name)s is disqualified.")
            % {"name": row.member.name}
        )


def _require_quorum(item: AgendaItem, here: set[int]) -> None:
    rules = item.meeting.rule_profile.rules
    needed = rules.quorum_needed(len(seated_members(item.meeting)))
    present = len(here)
    if present < needed and not rules["decide_without_quorum"]:
        rule = rules.rules["decide_without_quorum"]
        raise Refused(
            _("%(present)s are present and %(needed)s are needed to decide. %(rule)s %(legal)s.")
            % {"present": present, "needed": needed, "rule": rule.text, "legal": rule.legal}
        )


@transaction.atomic
def cast_vote(*, vote_round: VoteRound, member: Any, choice: str, by: Any) -> Vote:
    """Hand in a member's one vote: their own, or written down by the secretariat.

    Raises `StaleState` after closing and the second time, `NotAllowed` with the rule for those
    who do not vote.
    """
    row = _locked_round(vote_round)
    policies.can_cast_vote(by, row, member).require()
    if choice not in VoteChoice.values:
        raise Refused(_("Choose for, against or abstain."), "choice")
    if not row.is_open:
        raise StaleState(
            _("The vote was closed %(clock)s. Nothing was changed.")
            % {"clock": clock(row.closed_at)}
        )
    may_vote_in(row, member).require()
    _refuse_second(row, member)
    vote = Vote.objects.create(round=row, member=member, choice=choice, recorded_by=by)
    _record("meetings.cast_vote", row, by, member=member.pk)
    return vote


def _locked_round(vote_round: VoteRound) -> VoteRound:
    rows = VoteRound.objects.select_related(*WITH).select_for_update(of=("self",))
    return rows.get(pk=vote_round.pk)


def _refuse_second(row: VoteRound, member: Any) -> None:
    if cast := row.votes.filter(member=member.pk).first():
        raise StaleState(
            _("%(name)s has already voted, %(clock)s. A vote is not changed.")
            % {"name": member.name, "clock": clock(cast.cast_at)}
        )


@transaction.atomic
def close_round(*, vote_round: VoteRound, by: Any) -> VoteRound:
    """Count the votes and freeze the result with its rule."""
    row = _locked_round(vote_round)
    item = row.item
    _may_run(row, by).require()
    if not row.is_open:
        raise StaleState(_("The vote is closed already. Nothing was changed."))
    votes = list(row.votes.order_by("member").values_list("member", "choice"))
    choices = [choice for _member, choice in votes]
    rules = item.meeting.rule_profile.rules
    row.votes_for = choices.count(VoteChoice.FOR)
    row.votes_against = choices.count(VoteChoice.AGAINST)
    row.abstentions = choices.count(VoteChoice.ABSTAIN)
    row.outcome = vote_result(
        row.votes_for,
        row.votes_against,
        ties=rules["ties"],
        chair=dict(votes).get(presiding_in(row) or 0, ""),
    )
    row.rule = _rule(item)
    row.closed_at, row.closed_by = timezone.now(), by
    row.save()
    _record("meetings.close_vote", row, by, **_counted(row, votes))
    if row.motion is not None:
        MOTION.apply(row.motion, "close_vote")
    elif row.disqualification is not None:
        upheld = row.outcome == VoteResult.ADOPTED
        settle(case=row.disqualification, upheld=upheld, by=by)
    return row


def _may_run(row: VoteRound, by: Any) -> Verdict:
    if row.disqualification is not None:
        return policies.can_vote_on_disqualification(by, row.disqualification)
    return policies.can_run_votes(by, row.item)


def _counted(row: VoteRound, votes: list[tuple[int, str]]) -> dict[str, Any]:
    """What the protocol keeps: the numbers, and a hash that pins who voted what."""
    return {
        "for": row.votes_for,
        "against": row.votes_against,
        "abstain": row.abstentions,
        "outcome": str(row.outcome),
        "sha256": sha256_hex(canonical_json([list(vote) for vote in votes])),
    }


def _rule(item: AgendaItem) -> str:
    rules = item.meeting.rule_profile.rules
    rule = rules.rules["ties"]
    return f"{MAJORITY} {rule.text} {rule.legal} ({rules.name})"


@transaction.atomic
def acclaim(*, motion: Motion, adopted: bool, by: Any) -> VoteRound:
    """Record a result that nobody asked to have counted: no names and no numbers."""
    item = _locked_meeting(motion)
    policies.can_run_votes(by, item).require()
    _require_on_agenda(item)
    _require_no_open_vote(item)
    _require_no_open_question(item)
    _require_quorum(item, present_now(item))
    MOTION.apply(motion, "acclaim")
    return _acclaimed(motion, adopted, by)


@transaction.atomic
def settle_without_count(
    *, case: Disqualification, upheld: bool, by: Any, ground: str = ""
) -> VoteRound:
    """Record that the body found a member disqualified, or impartial, and nobody asked to vote.

    Raises as `open_vote_on_disqualification` does.
    """
    _ready_to_settle(case, by)
    settle(case=case, upheld=upheld, by=by, ground=ground)
    return _acclaimed(case, upheld, by)


def _acclaimed(subject: Motion | Disqualification, adopted: bool, by: Any) -> VoteRound:
    now = timezone.now()
    row = VoteRound.objects.create(
        **_about(subject),
        number=subject.rounds.count() + 1,
        method=VoteMethod.ACCLAMATION,
        opened_at=now,
        opened_by=by,
        closed_at=now,
        closed_by=by,
        outcome=VoteResult.ADOPTED if adopted else VoteResult.REJECTED,
        rule=_rule(subject.item),
    )
    _record("meetings.acclaim", row, by, outcome=str(row.outcome))
    return row


def refuse_absence_of_voters(meeting: Meeting, statuses: dict[int, tuple[str, str]]) -> None:
    """Raise `Refused` when somebody who has voted would be recorded as not there.

    Holds the meeting's open rounds, so that no vote comes in between the look and the record.
    """
    list(VoteRound.objects.in_meeting(meeting).open().select_for_update(of=("self",)))
    for member_id, (status, _note) in statuses.items():
        votes = votes_of(meeting, member_id) if status not in IN_THE_ROOM else []
        if votes:
            raise Refused(_was_present(votes[0]))


def refuse_leaving_before_votes(meeting: Meeting, member_id: int, moment: datetime) -> None:
    """Raise `Refused` when somebody would have left before a vote they handed in."""
    votes = [vote for vote in votes_of(meeting, member_id) if vote.cast_at > moment]
    if votes:
        raise Refused(_was_present(votes[-1]), "at")


def _was_present(vote: Vote) -> str:
    return _("%(name)s voted on item %(number)s %(clock)s and was present then.") % {
        "name": vote.member.name,
        "number": vote.round.item.position,
        "clock": clock(vote.cast_at),
    }


def _record(verb: str, row: VoteRound, by: Any, **data: Any) -> None:
    item = row.item
    about = {"motion": row.motion_id} if row.motion_id else {"case": row.disqualification_id}
    facts = about | {"round": row.pk} | data
    audit.record(verb, item, by=by, scope=item.meeting, data=facts)
