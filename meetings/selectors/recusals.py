"""Whether a member is disqualified: who decides it, and the page that shows it.

The body decides without the member concerned (forvaltningslovens § 6, stk. 3), who counts
neither for the quorum nor in the vote.
"""

from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from committee.enums import LEADERS
from committee.models import User
from core.verdicts import Verdict, no
from meetings import policies
from meetings.enums import DisqualificationGround, MeetingState, VoteChoice
from meetings.models import AgendaItem, Disqualification, Dissent, Meeting, Vote, VoteRound
from meetings.selectors.motions import (
    among_present,
    may_vote,
    presiding,
    shown_heading,
    sits_with_a_vote,
    voters_among,
)
from meetings.selectors.presence import Rolls, present_now
from meetings.selectors.seats import seated_members
from meetings.voting import winning_choice


def present_to_settle(case: Disqualification, rolls: Rolls | None = None) -> set[int]:
    """Ids of the members in the meeting, without the one it is about."""
    here = (rolls or Rolls(case.item.meeting)).of().present
    return {seat.member_id for seat in here} - {case.member_id}


def may_vote_on(case: Disqualification, member: Any) -> Verdict:
    """May `member` vote on whether another one is disqualified? The reason names the rule."""
    if member.pk == case.member_id:
        return no(policies.OWN_CASE)
    rolls = Rolls(case.item.meeting)
    verdict = sits_with_a_vote(rolls, member)
    return verdict and among_present(rolls.meeting, member, present_to_settle(case, rolls))


def may_vote_in(row: VoteRound, member: Any) -> Verdict:
    """May `member` vote now on what the round is about?"""
    if row.disqualification is not None:
        return may_vote_on(row.disqualification, member)
    return may_vote(row.item, member)


def presiding_in(row: VoteRound) -> int | None:
    """Id of who leads the vote."""
    meeting = row.item.meeting
    if row.disqualification is not None:
        return presiding(meeting, present_to_settle(row.disqualification))
    return presiding(meeting, present_now(row.item))


def told_of(case: Disqualification) -> set[int]:
    """Ids of those who get word of the case: the member, and who leads the meeting."""
    leaders = (seat for seat in seated_members(case.item.meeting) if seat.role in LEADERS)
    leader = next((seat.user_id for seat in leaders if seat.user_id != case.member_id), None)
    return {case.member_id} | ({leader} if leader else set())


def cases_of(meeting: Meeting) -> list[Disqualification]:
    """The open ones, in the order of the agenda, with their rounds fetched."""
    rows = Disqualification.objects.filter(item__meeting=meeting, lifted_at__isnull=True)
    rows = rows.select_related("member", "declared_by", "item").prefetch_related("rounds")
    found = list(rows.order_by("item__position", "member__name"))
    for row in found:
        row.item.meeting = meeting
    return found


def unsettled(meeting: Meeting) -> list[Disqualification]:
    """Those the body has still to decide: the minutes are not complete with one of them."""
    on_agenda = [row for row in cases_of(meeting) if row.item.removed_at is None]
    return [row for row in on_agenda if row.is_raised]


def live_cases(user: Any, meeting: Meeting, titles: dict[int, str]) -> list[dict[str, Any]]:
    """What waits for a decision in the meeting, for those who may follow it."""
    if meeting.state != MeetingState.IN_SESSION:
        return []
    return [
        {
            "case": case,
            "title": titles.get(case.item_id, case.item.public_heading),
            "open_round": open_round(case),
            "is_own": case.member_id == user.pk,
            "can_settle": policies.can_settle_disqualification(user, case),
        }
        for case in unsettled(meeting)
        if policies.can_follow_disqualification(user, case)
    ]


def open_round(case: Disqualification) -> VoteRound | None:
    return next((row for row in case.rounds.all() if row.is_open), None)


def can_be_asked_about(user: Any, item: AgendaItem) -> list[User]:
    """The members, without oneself, about whom nothing is raised yet."""
    open_rows = item.disqualifications.filter(lifted_at__isnull=True)
    taken = {user.pk, *open_rows.values_list("member_id", flat=True)}
    return [s.user for s in seated_members(item.meeting) if s.user_id not in taken]


def case_page(user: Any, case: Disqualification) -> dict[str, Any]:
    """The case as this person may read it, and what they can do now."""
    item = case.item
    rounds = _rounds(case)
    current = next((row for row in rounds if row.is_open), None)
    cast = {vote.member_id: vote for vote in current.votes.all()} if current else {}
    rolls = Rolls(item.meeting)
    able = voters_among(rolls, present_to_settle(case, rolls))
    return {
        "meeting": item.meeting,
        "item": item,
        "heading": shown_heading(user, item),
        "case": case,
        "grounds": case.grounds if policies.reads_grounds(user, case) else "",
        "is_own": user.pk == case.member_id,
        "open_round": current,
        "rounds": [row for row in rounds if not row.is_open],
        "dissents": _dissents(user, case, rounds),
        "dissent_rounds": _dissent_rounds(user, rounds),
        "dissent_rule": item.meeting.rule_profile.rules.rules["dissent_max_words"],
        "own": cast.get(user.pk),
        "may_vote": may_vote_on(case, user),
        "voters": able,
        "missing": [person for person in able if person.pk not in cast],
        "can_settle": policies.can_settle_disqualification(user, case),
        "can_vote": policies.can_vote_on_disqualification(user, case),
        "is_secretariat": bool(policies.can_record_decision(user, item)),
        "runs": policies.sees_drafts(user, item.meeting.committee_id),
        "is_late": item.meeting.state == MeetingState.MINUTES_DRAFT,
        "is_on": item.meeting.state == MeetingState.IN_SESSION,
        "ground_choices": [("", _("Not stated")), *DisqualificationGround.choices],
        "choices": VoteChoice.choices,
    }


def _rounds(case: Disqualification) -> list[VoteRound]:
    votes = Vote.objects.select_related("member").order_by("member__name")
    dissents = Prefetch("dissents", Dissent.objects.select_related("member"))
    rows = case.rounds.prefetch_related(Prefetch("votes", votes), dissents).order_by("number")
    found = list(rows)
    for row in found:
        row.disqualification = case
    return found


def _dissents(user: Any, case: Disqualification, rounds: list[VoteRound]) -> list[Dissent]:
    """Why somebody disagrees tells of the grounds, and has the same readers; and one's own."""
    reads = policies.reads_grounds(user, case)
    rows = [dissent for row in rounds for dissent in row.dissents.all()]
    return [dissent for dissent in rows if reads or dissent.member_id == user.pk]


def _dissent_rounds(user: Any, rounds: list[VoteRound]) -> list[dict[str, Any]]:
    """The votes that `user` can still write somebody's dissenting opinion to."""
    found = []
    for row in (row for row in rounds if not row.is_open):
        won = winning_choice(row.outcome, about_member=True)
        written = {dissent.member_id for dissent in row.dissents.all()}
        members = [
            vote.member
            for vote in row.votes.all()
            if vote.choice != won
            and vote.member_id not in written
            and policies.can_write_dissent(user, row, vote.member)
        ]
        if members:
            found.append({"round": row, "members": members})
    return found
