"""The demo's meetings: built from `content/meetings.yaml` through the services only."""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

import yaml
from django.utils import timezone

from committee.models import Committee, User
from demo.clock import at
from demo.files import attachment_bytes
from demo.holding import declare, hold, person
from meetings.anchoring import Quote
from meetings.enums import MeetingState
from meetings.forms.items import GROUNDS
from meetings.models import AgendaItem, Meeting
from meetings.selectors.approval import asked_members
from meetings.selectors.notes import passages
from meetings.selectors.publication import coming_reading, drafted_reading, unresolved
from meetings.selectors.reading import Reading, reading
from meetings.selectors.seats import seated_members
from meetings.services.additions import add_addition
from meetings.services.approval import answer_minutes
from meetings.services.attachments import add_attachment
from meetings.services.issuing import issue_agenda
from meetings.services.items import add_item
from meetings.services.minutes import lock_minutes, send_for_approval
from meetings.services.notes import write_note
from meetings.services.planning import announce_meeting, create_meeting
from meetings.services.presence import answer_invitation
from meetings.services.publication import (
    ask_publication,
    publish_agenda,
    publish_minutes,
    resolve_findings,
)
from meetings.services.rounds import open_round, save_answer
from meetings.services.texts import save_texts

CONTENT = Path(__file__).parent / "content" / "meetings.yaml"
STAGES = ("proposals", "review", "meeting", "done")
# How far the meetings are taken at each stage of the demo.
FURTHEST = {"proposals": 1, "review": 2, "meeting": 5, "done": 5}
SECTIONS = ("summary", "background", "agenda", "recommendation", "earlier_decisions")
WHY_PUBLIC = "Navnet er offentligt i forvejen og hører til sagen."
WEDNESDAY = 2
ANSWERS = {
    "medlem": "Begynd med journalnotater i hjemmeplejen. Det frigør tid til borgerne.",
    "borger-2": "Søgning i kommunens egne vejledninger, så svarene bliver ens.",
    "foelgegruppe": "Referater af interne møder. Det er let at kontrollere.",
}


def seed_meetings(committee: Committee, stage: str, seed: int = 1) -> list[Meeting]:
    """Make the meetings of the demo as far as `stage` says; returns them in order.

    `seed` decides which members have answered an invitation, which is all that is left to chance.
    """
    lot = Random(seed)  # noqa: S311 - a demo's lot, not a secret
    secretary = User.objects.get(username="sekretariat")
    plans = yaml.safe_load(CONTENT.read_text(encoding="utf-8"))[: FURTHEST[stage]]
    meetings = [_seed_meeting(committee, plan, secretary, stage, lot) for plan in plans]
    _seed_round(meetings[-1], secretary)
    return meetings


def _seed_round(meeting: Meeting, by: User) -> None:
    """An open round of written input for the last meeting, with a few answers."""
    if meeting.state != MeetingState.DRAFT:
        return
    row = open_round(
        title="Hvor skal AI bruges først?",
        question="Nævn op til tre områder, hvor kommunen bør begynde, og sig hvorfor.",
        asks_members=True,
        asks_follow_group=True,
        meeting=meeting,
        closes_at=min(meeting.agenda_due, timezone.now() + timedelta(days=12)),
        by=by,
    )
    for username, text in ANSWERS.items():
        save_answer(input_round=row, text=text, by=User.objects.get(username=username))


def day_of(plan: Any) -> date:
    """A fixed date, or the Wednesday nearest after so many days from today."""
    if isinstance(plan, date):
        return plan
    day = timezone.localdate() + timedelta(days=int(plan))
    return day + timedelta(days=(WEDNESDAY - day.weekday()) % 7)


def _at(day: date, hour: int, minute: int = 0) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def _before(moment: datetime, **delta: float) -> datetime:
    """That long before `moment`, but never in the future."""
    return min(moment - timedelta(**delta), timezone.now())


def _seed_meeting(
    committee: Committee, plan: dict[str, Any], by: User, stage: str, lot: Random
) -> Meeting:
    day = day_of(plan.get("day_when_done", plan["day"]) if stage == "done" else plan["day"])
    starts = _at(day, 17)
    with at(_before(starts, days=30)):
        meeting = create_meeting(
            committee=committee,
            starts_at=starts,
            ends_at=_at(day, 20),
            place=plan["place"],
            number=plan["number"],
            by=by,
        )
        if plan.get("announce"):
            announce_meeting(meeting=meeting, by=by)
        items = [_seed_item(meeting, item, by) for item in plan["items"]]
    if plan["stage"] == "draft":
        return meeting
    with at(_before(starts, days=8)):
        _explain(meeting, drafted_reading(meeting), by)
        issue_agenda(meeting=meeting, expected=1, by=by)
        if meeting.has_unpublished_agenda:
            publish_agenda(meeting=meeting, by=person("formand"))
    with at(_before(starts, days=4)):
        _answers(meeting, plan, lot)
        for item, item_plan in zip(items, plan["items"], strict=True):
            item.meeting = meeting
            _before_the_meeting(item, item_plan)
    if plan["stage"] == "approval":
        _hold_and_send(meeting, plan, items, by)
    elif plan["stage"] == "published" or stage == "done":
        _hold_and_publish(meeting, plan, items, by)
    return meeting


def _seed_item(meeting: Meeting, plan: dict[str, Any], by: User) -> AgendaItem:
    closed = plan.get("access") == "closed"
    item = add_item(
        meeting=meeting,
        by=by,
        kind=plan["kind"],
        title=plan["title"],
        access=plan.get("access", "open"),
        public_title=plan.get("public_title", ""),
        closing_ground=GROUNDS[plan["ground"]] if closed else "",
        closing_reason=plan.get("reason", ""),
        case_id=plan["case_id"],
        presenter=plan["presenter"],
        minutes=plan["minutes"],
    )
    texts = {key: plan[key] for key in SECTIONS if key in plan}
    save_texts(item=item, texts=texts, versions={}, by=by)
    for file in plan.get("files", []):
        data, name = attachment_bytes(file["kind"], file["title"], file["text"])
        add_attachment(item=item, data=data, filename=name, access=file.get("access", ""), by=by)
    return item


def _answers(meeting: Meeting, plan: dict[str, Any], lot: Random) -> None:
    members = seated_members(meeting)
    for member in lot.sample(members, plan.get("answers", len(members))):
        coming = member.user.username not in plan.get("absent", [])
        answer_invitation(meeting=meeting, coming=coming, by=member.user)


def _before_the_meeting(item: AgendaItem, plan: dict[str, Any]) -> None:
    """Members read: one tells of a disqualification, one takes notes."""
    if "disqualified" in plan:
        declare(item, plan["disqualified"])
    for note in plan.get("notes", []):
        _write_note(item, note)


def _write_note(item: AgendaItem, plan: dict[str, Any]) -> None:
    """A private note, with a highlight where the plan quotes the text."""
    owner = person(plan["by"])
    read = reading(owner, item.meeting)
    shown = read.item(item.pk) if read else None
    quote = plan.get("quote", "")
    write_note(
        item=item,
        by=owner,
        text=plan.get("text", ""),
        quote=Quote(quote) if quote else None,
        section=plan.get("section", "summary"),
        within=passages(shown) if shown else {},
        version=item.meeting.agenda_version,
    )


# The meetings that have been held ---------------------------------------------------------


def _begins(meeting: Meeting) -> datetime:
    return min(meeting.starts_at, timezone.now() - timedelta(days=10))


def _hold_and_send(
    meeting: Meeting, plan: dict[str, Any], items: list[AgendaItem], by: User
) -> None:
    """Held last week; the minutes went out yesterday, and not everybody has answered."""
    hold(meeting, plan, items, meeting.starts_at, by)
    with at(timezone.now() - timedelta(days=1)):
        send_for_approval(meeting=meeting, by=by)
    with at(timezone.now() - timedelta(hours=20)):
        for answer in plan["approvals"]:
            _answer_minutes(meeting, items, answer)


def _hold_and_publish(
    meeting: Meeting, plan: dict[str, Any], items: list[AgendaItem], by: User
) -> None:
    """From the roll call to published minutes, each step at its own time."""
    begins, chair = _begins(meeting), person("formand")
    hold(meeting, plan, items, begins, by)
    with at(begins + timedelta(days=2)):
        send_for_approval(meeting=meeting, by=by)
    with at(begins + timedelta(days=4)):
        _approve(meeting, plan, items)
    with at(begins + timedelta(days=7)):
        lock_minutes(meeting=meeting, by=chair)
        _publish(meeting, by, chair)
    if "addition" in plan:
        with at(begins + timedelta(days=14)):
            _add(meeting, plan["addition"], items, by)
            _publish(meeting, by, chair)


def _approve(meeting: Meeting, plan: dict[str, Any], items: list[AgendaItem]) -> None:
    """Everybody who was there has read the minutes; the plan says who did more than approve."""
    special = {answer["by"]: answer for answer in plan.get("approvals", [])}
    for member in asked_members(meeting):
        answer = special.get(member.username, {"by": member.username, "answer": "approve"})
        _answer_minutes(meeting, items, answer)


def _answer_minutes(meeting: Meeting, items: list[AgendaItem], plan: dict[str, Any]) -> None:
    member = person(plan["by"])
    answer_minutes(
        meeting=meeting,
        version=meeting.minutes_version,
        member=member,
        answer=plan["answer"],
        text=plan.get("text", ""),
        item=items[plan["item"] - 1] if "item" in plan else None,
        by=member,
    )


def _add(meeting: Meeting, plan: dict[str, Any], items: list[AgendaItem], by: User) -> None:
    meeting.refresh_from_db()
    item = items[plan["item"] - 1]
    item.meeting = meeting
    add_addition(meeting=meeting, item=item, text=plan["text"], reason=plan["reason"], by=by)
    meeting.refresh_from_db()


def _publish(meeting: Meeting, by: User, chair: User) -> None:
    """One asks, another approves."""
    _explain(meeting, coming_reading(meeting), by)
    ask_publication(meeting=meeting, by=by)
    publish_minutes(meeting=meeting, by=chair)


def _explain(meeting: Meeting, read: Reading, by: User) -> None:
    """What the demo names by name it names on purpose."""
    reasons = {finding.key: WHY_PUBLIC for finding in unresolved(meeting, read)}
    resolve_findings(meeting=meeting, reasons=reasons, by=by, read=read)
