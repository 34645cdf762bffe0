"""The demo's meetings while they are held: who was there, what was proposed and voted.

Each meeting's plan is in `content/meetings.yaml`; every step goes through the services.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from committee.models import User
from demo.clock import at
from meetings.enums import AttendanceStatus, OpeningStep, VoteChoice
from meetings.models import AgendaItem, Disqualification, Meeting, Motion, VoteRound
from meetings.selectors.motions import voters
from meetings.selectors.recusals import present_to_settle
from meetings.selectors.seats import seated_members
from meetings.services.disqualification import declare_disqualified
from meetings.services.dissents import write_dissent
from meetings.services.follow_ups import create_follow_up, finish_follow_up, report_progress
from meetings.services.holding import move_meeting, record_decision
from meetings.services.motions import propose, use_adopted_text
from meetings.services.presence import (
    come,
    complete_step,
    finish_item,
    leave,
    record_attendance,
    take_up,
)
from meetings.services.votes import (
    acclaim,
    cast_vote,
    close_round,
    open_round,
    open_vote_on_disqualification,
    settle_without_count,
)

OPENING = timedelta(minutes=10)
LONGEST_ITEM = 25
Plan = dict[str, Any]


def person(username: str) -> User:
    return User.objects.get(username=username)


def declare(item: AgendaItem, plan: Plan) -> Disqualification:
    """A member tells that they may be disqualified."""
    member = person(plan["member"])
    return declare_disqualified(
        item=item,
        member=member,
        grounds=plan["grounds"],
        ground=plan.get("ground", ""),
        by=member,
    )


def hold(
    meeting: Meeting, plan: Plan, items: list[AgendaItem], begins: datetime, by: User
) -> datetime:
    """From the roll call to the end, minute by minute; returns when it ended."""
    with at(begins):
        move_meeting(meeting=meeting, move="begin", by=by)
        statuses = _attendance(meeting, plan)
        record_attendance(meeting=meeting, statuses=statuses, by=by)
        for step in OpeningStep.values:
            complete_step(meeting=meeting, step=step, by=by)
            meeting.refresh_from_db()
        for item in items:
            item.meeting = meeting
    moment = begins + OPENING
    for username, minutes in plan.get("late", {}).items():
        with at(begins + timedelta(minutes=minutes)):
            come(meeting=meeting, member_id=person(username).pk, at=None, by=by)
        moment = max(moment, begins + timedelta(minutes=minutes + 1))
    for place, (item, item_plan) in enumerate(zip(items, plan["items"], strict=True), start=1):
        with at(moment - timedelta(minutes=1)):
            for username in plan.get("left_before", {}).get(place, []):
                leave(meeting=meeting, member_id=person(username).pk, at=None, by=by)
        with at(moment):
            _settle(item, item_plan, by)
        moment = _treat(item, item_plan, moment, by)
    with at(moment):
        move_meeting(meeting=meeting, move="end", by=by)
    return moment


def _attendance(meeting: Meeting, plan: Plan) -> dict[int, tuple[str, str]]:
    """Everybody but those who sent an apology or came late."""
    absent, late = plan.get("absent", []), plan.get("late", {})
    return {
        member.user_id: (_status(member.user.username in absent), "")
        for member in seated_members(meeting)
        if member.user.username not in late
    }


def _status(is_absent: bool) -> str:
    return AttendanceStatus.APOLOGY if is_absent else AttendanceStatus.PRESENT


def _treat(item: AgendaItem, plan: Plan, begins: datetime, by: User) -> datetime:
    """One item on the table; returns when it left it."""
    ends = begins + timedelta(minutes=min(plan["minutes"], LONGEST_ITEM))
    with at(begins):
        take_up(item=item, by=by)
    with at(ends - timedelta(minutes=5)):
        rounds = [_vote(item, motion, by) for motion in plan.get("motions", [])]
        for username, text in plan.get("dissents", {}).items():
            write_dissent(
                vote_round=rounds[-1], member=person(username), text=text, by=person(username)
            )
    with at(ends):
        decide(item, plan, by)
        for row in plan.get("follow_ups", []):
            follow_up(item, row, by)
        finish_item(item=item, by=by)
    return ends


# Motions and votes ------------------------------------------------------------------------


def _vote(item: AgendaItem, plan: Plan, by: User) -> VoteRound:
    """One motion, put to the vote: by name where the plan says who was not for it."""
    motion = propose(
        item=item, kind=plan["kind"], proposer=person(plan["by"]), text=plan["text"], by=by
    )
    motion.item = item
    if "votes" not in plan:
        return acclaim(motion=motion, adopted=plan.get("adopted", True), by=by)
    row = open_round(motion=motion, by=by)
    _cast(row, voters(item), plan["votes"])
    return close_round(vote_round=_again(row, motion), by=by)


def _again(row: VoteRound, motion: Motion) -> VoteRound:
    row.motion = motion
    return row


def _cast(row: VoteRound, able: list[User], others: dict[str, str]) -> None:
    """Everybody votes on their own tablet: for, unless the plan says otherwise."""
    for member in able:
        choice = others.get(member.username, VoteChoice.FOR)
        cast_vote(vote_round=row, member=member, choice=choice, by=member)


def _settle(item: AgendaItem, plan: Plan, by: User) -> None:
    """The body decides about whoever was asked about."""
    for case in item.disqualifications.filter(lifted_at__isnull=True):
        case.item = item
        if "votes" not in plan["disqualified"]:
            settle_without_count(case=case, upheld=True, by=by)
            continue
        row = open_vote_on_disqualification(case=case, by=by)
        here = present_to_settle(case)
        able = [seat.user for seat in seated_members(item.meeting) if seat.user_id in here]
        _cast(row, able, plan["disqualified"]["votes"])
        close_round(vote_round=row, by=by)


# Decisions and what follows ---------------------------------------------------------------


def decide(item: AgendaItem, plan: Plan, by: User) -> None:
    """The outcome and its texts; where a motion was adopted, its text is the decision."""
    item.meeting.refresh_from_db()
    texts = {"decision": plan.get("decision", "Udvalget drøftede punktet.")}
    versions: dict[str, int] = {}
    if plan.get("motions"):
        texts = {"decision": use_adopted_text(item=item, by=by)}
        versions = dict(item.texts.values_list("key", "version"))
    if item.is_closed:
        texts["public_decision"] = plan.get(
            "public_decision", "Udvalget drøftede punktet. Oplysningerne er fortrolige."
        )
    outcome = plan.get("outcome", "discussed")
    record_decision(item=item, outcome=outcome, texts=texts, versions=versions, by=by)


def follow_up(item: AgendaItem, plan: Plan, by: User) -> None:
    """Somebody has something to do; some have begun, and some are done."""
    owner = person(plan["owner"]) if "owner" in plan else None
    row = create_follow_up(
        item=item,
        text=plan["text"],
        due_on=_due(plan["due"]),
        owner=owner,
        owner_unit=plan.get("unit", ""),
        by=by,
    )
    row.item = item
    reporter = owner or by
    if "progress" in plan:
        report_progress(follow_up=row, text=plan["progress"], by=reporter)
    if plan.get("done"):
        finish_follow_up(follow_up=row, by=reporter)


def _due(due: Any) -> date:
    """A fixed date, or so many days after the item was treated."""
    return due if isinstance(due, date) else timezone.localdate() + timedelta(days=int(due))
