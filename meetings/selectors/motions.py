"""An item's motions and votes: who may vote, what was adopted, and the page that shows it."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from committee.enums import LEADERS
from committee.models import Membership, User
from core.verdicts import YES, Verdict, no
from meetings import policies
from meetings.enums import DECISION, MotionKind, MotionState, VoteChoice, VoteResult
from meetings.merging import Piece, word_diff
from meetings.models import AgendaItem, Dissent, Meeting, Motion, Vote, VoteRound
from meetings.selectors.presence import present_now
from meetings.selectors.reading import reading
from meetings.selectors.seats import seated_members
from meetings.voting import Carried, compose, kind_rank
from meetings.workflow import MOTION


def has_seat_that_votes(member: Membership, meeting: Meeting) -> bool:
    """A seat outside every group (a chair that the council appointed) votes."""
    seats = meeting.rule_profile.rules["voting_seats"]
    return member.seat_group is None or member.seat_group.kind in seats


def may_vote(item: AgendaItem, member: Any) -> Verdict:
    """May `member` vote on `item` now? The reason names the rule."""
    meeting = item.meeting
    verdict = sits_with_a_vote(meeting, member)
    if not verdict:
        return verdict
    if item.disqualifications.filter(member=member.pk, lifted_at__isnull=True).exists():
        return no(
            _("%(name)s is disqualified from this item and does not vote. %(legal)s.")
            % {"name": member.name, "legal": "Kommunestyrelseslovens § 14"}
        )
    return among_present(meeting, member, present_now(item))


def sits_with_a_vote(meeting: Meeting, member: Any) -> Verdict:
    rules = meeting.rule_profile.rules.rules
    seat = next((m for m in seated_members(meeting) if m.user_id == member.pk), None)
    if seat is None:
        return no(_("Only members of the committee vote."))
    if not has_seat_that_votes(seat, meeting):
        values = {"rule": rules["voting_seats"].text, "legal": rules["voting_seats"].legal}
        return no(_("This seat has no vote. %(rule)s %(legal)s.") % values)
    return YES


def among_present(meeting: Meeting, member: Any, present: set[int]) -> Verdict:
    if member.pk in present:
        return YES
    return no(
        _("Only those present at the item vote, and %(name)s is not. %(legal)s.")
        % {"name": member.name, "legal": meeting.rule_profile.rules.rules["ties"].legal}
    )


def voters(item: AgendaItem) -> list[User]:
    """Those who may vote on `item` now, leaders first."""
    return voters_among(item.meeting, present_now(item))


def voters_among(meeting: Meeting, present: set[int]) -> list[User]:
    return [
        seat.user
        for seat in seated_members(meeting)
        if seat.user_id in present and has_seat_that_votes(seat, meeting)
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
    return list(found.prefetch_related(Prefetch("rounds", rounds)).order_by("position", "pk"))


def last_closed(motion: Motion) -> VoteRound | None:
    closed = [row for row in motion.rounds.all() if not row.is_open]
    return closed[-1] if closed else None


def adopted_text(item: AgendaItem) -> str:
    """The text that the adopted motions of `item` make together; empty when none carries it."""
    return _composed(motions_of(item))


def _composed(motions: list[Motion]) -> str:
    carried = [
        Carried(motion.kind, motion.text)
        for motion in sorted(motions, key=lambda m: (kind_rank(m.kind), m.position))
        if (last := last_closed(motion))
        and last.outcome == VoteResult.ADOPTED
        and motion.state == MotionState.CLOSED
    ]
    return compose(carried)


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


def votes_page(user: Any, item: AgendaItem) -> dict[str, Any]:
    """The motions in order, the open vote, and what this person can do now."""
    motions = motions_of(item)
    main = next((m for m in motions if _is_live_main(m)), None)
    able = voters(item)
    rows = [
        _row(user, motion, place, main, able)
        for place, motion in enumerate(motions, start=1)
        if motion.state != MotionState.WITHDRAWN
    ]
    decision = item.texts.filter(key=DECISION).first()
    return {
        "meeting": item.meeting,
        "item": item,
        "heading": shown_heading(user, item),
        "rows": rows,
        "withdrawn": [m for m in motions if m.state == MotionState.WITHDRAWN],
        "open_row": next((row for row in rows if row.open_round), None),
        "can_run": policies.can_run_votes(user, item),
        "can_handle": policies.can_handle_motions(user, item),
        "is_secretariat": bool(policies.can_record_decision(user, item)),
        "runs": policies.sees_drafts(user, item.meeting.committee_id),
        "may_vote": may_vote(item, user),
        "voters": able,
        "members": [seat.user for seat in seated_members(item.meeting)],
        "kinds": [c for c in MotionKind.choices if not (c[0] == MotionKind.MAIN and main)],
        "choices": VoteChoice.choices,
        "adopted_text": _composed(motions),
        "has_decision": bool(decision and decision.text),
        "rules": item.meeting.rule_profile.rules.rules,
        "dissent_rounds": dissent_rounds(user, item, motions),
        "is_late": item.meeting.state == "minutes_draft",
    }


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
