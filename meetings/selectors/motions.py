"""An item's motions and votes: who may vote, what was adopted, and the page that shows it."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from committee.enums import LEADERS
from committee.models import Membership, User
from core.diffs import Piece, word_diff
from core.verdicts import YES, Verdict, no
from meetings import policies
from meetings.enums import (
    DECISION,
    MeetingState,
    MotionKind,
    MotionState,
    VoteChoice,
    VoteResult,
)
from meetings.models import AgendaItem, Dissent, Meeting, Motion, Vote, VoteRound
from meetings.selectors.presence import Rolls
from meetings.selectors.reading import reading
from meetings.selectors.seats import owner_of, seated_members
from meetings.voting import Carried, compose, kind_rank
from meetings.workflow import MOTION


def has_seat_that_votes(member: Membership, meeting: Meeting) -> bool:
    """A seat outside every group (a chair that the council appointed) votes."""
    seats = meeting.rule_profile.rules["voting_seats"]
    return member.seat_group is None or member.seat_group.kind in seats


def may_vote(item: AgendaItem, member: Any, rolls: Rolls | None = None) -> Verdict:
    """May `member` vote on `item` now? The reason names the rule."""
    meeting = item.meeting
    rolls = rolls or Rolls(meeting)
    verdict = sits_with_a_vote(rolls, member)
    if not verdict:
        return verdict
    if item.disqualifications.filter(member=member.pk, lifted_at__isnull=True).exists():
        return no(
            _("%(name)s is disqualified from this item and does not vote. %(legal)s.")
            % {"name": member.name, "legal": "Kommunestyrelseslovens § 14"}
        )
    return among_present(meeting, member, _here_now(item, rolls))


def _here_now(item: AgendaItem, rolls: Rolls) -> set[int]:
    return {seat.member_id for seat in rolls.now(item).present}


def sits_with_a_vote(rolls: Rolls, member: Any) -> Verdict:
    """Has `member` a seat that votes in the meeting?"""
    meeting = rolls.meeting
    rules = meeting.rule_profile.rules.rules
    seat = next((m for m in rolls.members if m.user_id == member.pk), None)
    if seat is None:
        return no(_no_seat(rolls, member))
    if not has_seat_that_votes(seat, meeting):
        values = {"rule": rules["voting_seats"].text, "legal": rules["voting_seats"].legal}
        return no(_("This seat has no vote. %(rule)s %(legal)s.") % values)
    return YES


def _no_seat(rolls: Rolls, member: Any) -> str:
    for seat in rolls.members:
        if seat is not owner_of(seat) and owner_of(seat).user_id == member.pk:
            values = {"name": member.name, "substitute": seat.user.name}
            return str(_("%(substitute)s fills the seat of %(name)s in this meeting.") % values)
    return str(_("Only members of the committee vote."))


def among_present(meeting: Meeting, member: Any, present: set[int]) -> Verdict:
    if member.pk in present:
        return YES
    return no(
        _("Only those present at the item vote, and %(name)s is not. %(legal)s.")
        % {"name": member.name, "legal": meeting.rule_profile.rules.rules["ties"].legal}
    )


def voters(item: AgendaItem, rolls: Rolls | None = None) -> list[User]:
    """Those who may vote on `item` now, leaders first."""
    rolls = rolls or Rolls(item.meeting)
    return voters_among(rolls, _here_now(item, rolls))


def voters_among(rolls: Rolls, present: set[int]) -> list[User]:
    """Those of `present` who have a vote."""
    return [
        seat.user
        for seat in rolls.members
        if seat.user_id in present and has_seat_that_votes(seat, rolls.meeting)
    ]


def presiding(meeting: Meeting, present: set[int]) -> int | None:
    """Id of who leads: the chair, or the vice-chair when the chair is not there."""
    leaders = (m for m in seated_members(meeting) if m.role in LEADERS)
    return next((m.user_id for m in leaders if m.user_id in present), None)


def votes_of(meeting: Meeting, member: Any) -> list[Vote]:
    """Every vote of a member (or member id) in the meeting, first item first."""
    rounds = VoteRound.objects.in_meeting(meeting)
    votes = Vote.objects.filter(member=member, round__in=rounds)
    about = ("round__motion__item", "round__disqualification__item")
    return list(votes.select_related(*about).order_by("cast_at", "pk"))


def motions_of(item: AgendaItem) -> list[Motion]:
    """Those not withdrawn and those that were, with rounds, votes and dissents fetched."""
    votes = Vote.objects.select_related("member", "recorded_by").order_by("member__name")
    rounds = VoteRound.objects.prefetch_related(
        Prefetch("votes", votes),
        Prefetch("dissents", Dissent.objects.select_related("member", "recorded_by")),
    ).order_by("number")
    found = Motion.objects.filter(item=item).select_related("proposer")
    motions = list(found.prefetch_related(Prefetch("rounds", rounds)).order_by("position", "pk"))
    for motion in motions:
        motion.item = item
    return motions


def last_closed(motion: Motion) -> VoteRound | None:
    closed = [row for row in motion.rounds.all() if not row.is_open]
    return closed[-1] if closed else None


def adopted_text(item: AgendaItem) -> str:
    """The text that the adopted motions of `item` make together; empty when none carries it."""
    return _composed(motions_of(item))


def _composed(motions: list[Motion]) -> str:
    return compose(_carried(motions))


def _carried(motions: list[Motion]) -> list[Carried]:
    return [
        Carried(motion.kind, motion.text)
        for motion in sorted(motions, key=lambda m: (kind_rank(m.kind), m.position))
        if (last := last_closed(motion))
        and last.outcome == VoteResult.ADOPTED
        and motion.state == MotionState.CLOSED
    ]


def _as_changed(main: Motion | None, motions: list[Motion]) -> str:
    """The main motion with what has been adopted to it so far; empty when that is nothing."""
    if main is None:
        return ""
    changes = (MotionKind.AMENDMENT, MotionKind.ADDITION)
    carried = [row for row in _carried(motions) if row.kind in changes]
    text = compose([*carried, Carried(main.kind, main.text)])
    return text if text != main.text else ""


@dataclass
class MotionRow:
    """A motion as the page shows it."""

    motion: Motion
    place: int
    diff: list[Piece]
    open_round: VoteRound | None
    rounds: list[VoteRound]
    can_open: Verdict
    can_acclaim: bool
    can_withdraw: bool
    own: Vote | None
    missing: list[User] = field(default_factory=list)


def voting(user: Any, item: AgendaItem, rolls: Rolls | None = None) -> dict[str, Any]:
    """The motions in order, the open vote, and what this person can do now.

    What the vote's own page and the live meeting both show (`meetings/parts/voting.html`).
    """
    rolls = rolls or Rolls(item.meeting)
    motions = motions_of(item)
    main = next((m for m in motions if _is_live_main(m)), None)
    able = voters(item, rolls)
    rows = [
        _row(user, motion, place, main, able)
        for place, motion in enumerate(motions, start=1)
        if motion.state != MotionState.WITHDRAWN
    ]
    decision = next((text for text in item.texts.all() if text.key == DECISION), None)
    can_run = policies.can_run_votes(user, item)
    open_row = next((row for row in rows if row.open_round), None)
    votes_on_main = open_row is not None and open_row.motion == main
    return {
        "item": item,
        "rows": rows,
        "withdrawn": [m for m in motions if m.state == MotionState.WITHDRAWN],
        "open_row": open_row,
        "as_changed": _as_changed(main, motions) if votes_on_main else "",
        "ballots": _ballots(open_row.open_round, able)
        if open_row and open_row.open_round and can_run
        else [],
        "can_run": can_run,
        "can_handle": policies.can_handle_motions(user, item),
        "is_secretariat": bool(policies.can_record_decision(user, item)),
        "runs": policies.sees_drafts(user, item.meeting.committee_id),
        "may_vote": may_vote(item, user, rolls),
        "voters": able,
        "recused": [seat.name for seat in rolls.of(item).recused],
        "has_main": main is not None,
        "adopted_text": _composed(motions),
        "has_decision": bool(decision and decision.text),
        "rules": item.meeting.rule_profile.rules.rules,
        "dissent_rounds": dissent_rounds(user, item, motions),
        "is_late": item.meeting.state == MeetingState.MINUTES_DRAFT,
        "said": _said(open_row, rows),
    }


def votes_page(user: Any, item: AgendaItem) -> dict[str, Any]:
    """The vote's own page: what is shown live too, and what a new motion is written with."""
    rolls = Rolls(item.meeting)
    shown = voting(user, item, rolls)
    away = {row.member_id for row in rolls.recusals.get(item.pk, [])}
    return {
        "meeting": item.meeting,
        "item": item,
        "heading": shown_heading(user, item),
        "votes": shown,
        "members": [seat.user for seat in rolls.members if seat.user_id not in away],
        "kinds": [
            c for c in MotionKind.choices if c[0] != MotionKind.MAIN or not shown["has_main"]
        ],
        "is_on": item.meeting.state == MeetingState.IN_SESSION,
    }


@dataclass(frozen=True)
class Ballot:
    """One who can vote, or has voted, as those who run the vote see them."""

    person: User
    vote: Vote | None


def _ballots(vote_round: VoteRound, able: list[User]) -> list[Ballot]:
    """Those who can vote in their order, and those who voted and have left since."""
    cast = {vote.member_id: vote for vote in vote_round.votes.all()}
    here = [Ballot(person, cast.pop(person.pk, None)) for person in able]
    return here + [Ballot(vote.member, vote) for vote in cast.values()]


def _said(open_row: MotionRow | None, rows: list[MotionRow]) -> str:
    """What a screen reader says when it has changed."""
    if open_row:
        return str(_("The vote is open: %(kind)s") % {"kind": open_row.motion.get_kind_display()})
    closed = [(row.rounds[-1], row.motion) for row in rows if row.rounds]
    if not closed:
        return ""
    last, motion = max(closed, key=lambda pair: pair[0].pk)
    values = {"kind": motion.get_kind_display(), "result": last.get_outcome_display()}
    return str(_("The vote is closed: %(kind)s, %(result)s") % values)


def shown_heading(user: Any, item: AgendaItem) -> str:
    """The heading in what `user` reads: a new one is not for members before it is issued."""
    read = reading(user, item.meeting)
    shown = read.item(item.pk) if read else None
    return str(shown["title"]) if shown else item.public_heading


def _is_live_main(motion: Motion) -> bool:
    return motion.kind == MotionKind.MAIN and motion.state != MotionState.WITHDRAWN


def _row(user: Any, motion: Motion, place: int, main: Motion | None, able: list[User]) -> MotionRow:
    rounds = list(motion.rounds.all())
    current = next((row for row in rounds if row.is_open), None)
    cast = {vote.member_id: vote for vote in current.votes.all()} if current else {}
    compares = main is not None and motion.kind == MotionKind.AMENDMENT
    return MotionRow(
        motion=motion,
        place=place,
        diff=word_diff(main.text, motion.text) if main and compares else [],
        open_round=current,
        rounds=[row for row in rounds if not row.is_open],
        can_open=MOTION.check(motion, "open_vote"),
        can_acclaim=bool(MOTION.check(motion, "acclaim")),
        can_withdraw=bool(MOTION.check(motion, "withdraw")),
        own=cast.get(user.pk),
        missing=[person for person in able if person.pk not in cast],
    )


def dissent_rounds(user: Any, item: AgendaItem, motions: list[Motion]) -> list[dict[str, Any]]:
    """The rounds in which somebody's dissenting opinion can still be written by `user`."""
    found = []
    for motion, vote_round in ((m, row) for m in motions for row in m.rounds.all()):
        motion.item = item
        vote_round.motion = motion
        written = {row.member_id for row in vote_round.dissents.all()}
        members = [
            vote.member
            for vote in vote_round.votes.all()
            if not vote_round.is_open
            and vote.choice != VoteChoice.FOR
            and vote.member_id not in written
            and policies.can_write_dissent(user, vote_round, vote.member)
        ]
        if members:
            found.append({"round": vote_round, "members": members})
    return found
