"""Votes: a round opens, each votes once, the round closes and its result is frozen.

The row of the round is the lock: a vote is in before the round closes and is counted, or it
comes after and is refused.
"""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.canonical import canonical_json, sha256_hex
from core.templatetags.ur import clock
from core.verdicts import Refused, StaleState
from meetings import policies
from meetings.enums import AttendanceStatus, MotionState, VoteChoice, VoteMethod, VoteResult
from meetings.models import AgendaItem, Meeting, Motion, Vote, VoteRound
from meetings.selectors.motions import may_vote, presiding, votes_of
from meetings.selectors.presence import present_for
from meetings.selectors.seats import seated_members
from meetings.voting import MAJORITY, vote_result
from meetings.workflow import MOTION

WITH = "motion__item__meeting__rule_profile__terms"

IN_THE_ROOM = AttendanceStatus.in_the_room()


@transaction.atomic
def open_round(*, motion: Motion, by: Any) -> VoteRound:
    """Let the members vote by name. One vote is open in a meeting at a time.

    Raises `Refused` without a quorum where the rules ask for one, `StaleState` when a vote is
    open already.
    """
    item = _locked_meeting(motion)
    policies.can_run_votes(by, item).require()
    _require_no_open_vote(item)
    _require_quorum(item)
    MOTION.apply(motion, "open_vote")
    row = VoteRound.objects.create(
        motion=motion, number=motion.rounds.count() + 1, method=VoteMethod.NAME, opened_by=by
    )
    _record("meetings.open_vote", row, by)
    return row


def _locked_meeting(motion: Motion) -> AgendaItem:
    """The motion's item, with its meeting as it is now and locked till the end."""
    item = motion.item
    item.meeting = Meeting.objects.select_for_update().get(pk=item.meeting_id)
    return item


def _require_no_open_vote(item: AgendaItem) -> None:
    items = item.meeting.items.filter(motions__state=MotionState.OPEN)
    if other := items.first():
        raise StaleState(
            _("A vote is open on item %(number)s. Close it first. Nothing was changed.")
            % {"number": other.position}
        )


def _require_quorum(item: AgendaItem) -> None:
    rules = item.meeting.rule_profile.rules
    needed = rules.quorum_needed(len(seated_members(item.meeting)))
    present = len(present_for(item.meeting, item))
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
    may_vote(row.motion.item, member).require()
    _refuse_second(row, member)
    vote = Vote.objects.create(round=row, member=member, choice=choice, recorded_by=by)
    _record("meetings.cast_vote", row, by, member=member.pk)
    return vote


def _locked_round(vote_round: VoteRound) -> VoteRound:
    rows = VoteRound.objects.select_related(WITH).select_for_update(of=("self",))
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
    item = row.motion.item
    policies.can_run_votes(by, item).require()
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
        chair=dict(votes).get(presiding(item) or 0, ""),
    )
    row.rule = _rule(item)
    row.closed_at, row.closed_by = timezone.now(), by
    row.save()
    MOTION.apply(row.motion, "close_vote")
    _record("meetings.close_vote", row, by, **_counted(row, votes))
    return row


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
    return f"{MAJORITY} {rule.text} {rule.legal} ({rules.reference})"


@transaction.atomic
def acclaim(*, motion: Motion, adopted: bool, by: Any) -> VoteRound:
    """Record a result that nobody asked to have counted: no names and no numbers."""
    item = _locked_meeting(motion)
    policies.can_run_votes(by, item).require()
    _require_no_open_vote(item)
    _require_quorum(item)
    MOTION.apply(motion, "acclaim")
    now = timezone.now()
    row = VoteRound.objects.create(
        motion=motion,
        number=motion.rounds.count() + 1,
        method=VoteMethod.ACCLAMATION,
        opened_at=now,
        opened_by=by,
        closed_at=now,
        closed_by=by,
        outcome=VoteResult.ADOPTED if adopted else VoteResult.REJECTED,
        rule=_rule(item),
    )
    _record("meetings.acclaim", row, by, outcome=str(row.outcome))
    return row


def refuse_absence_of_voters(meeting: Meeting, statuses: dict[int, tuple[str, str]]) -> None:
    """Raise `Refused` when somebody who has voted would be recorded as not there.

    Holds the meeting's open rounds, so that no vote comes in between the look and the record.
    """
    rounds = VoteRound.objects.filter(motion__item__meeting=meeting, closed_at__isnull=True)
    list(rounds.select_for_update())
    for member_id, (status, _note) in statuses.items():
        votes = votes_of(meeting, member_id) if status not in IN_THE_ROOM else []
        if votes:
            vote = votes[0]
            raise Refused(
                _("%(name)s voted on item %(number)s %(clock)s and was present then.")
                % {
                    "name": vote.member.name,
                    "number": vote.round.motion.item.position,
                    "clock": clock(vote.cast_at),
                }
            )


def _record(verb: str, row: VoteRound, by: Any, **data: Any) -> None:
    item = row.motion.item
    facts = {"motion": row.motion_id, "round": row.pk} | data
    audit.record(verb, item, by=by, scope=item.meeting, data=facts)
