"""The minutes page and the protocol of a meeting."""

from typing import Any

from core.models import AuditEntry
from core.verdicts import YES, Verdict, no
from meetings import policies
from meetings.enums import CLOSED_RECORD, DECIDING, DECISION, PUBLIC_DECISION, MeetingState
from meetings.models import AgendaItem, Meeting
from meetings.models.people import disqualified_items
from meetings.selectors.approval import answers, lockable, sent_version
from meetings.selectors.carrying import carried_along, next_open_meeting
from meetings.selectors.completeness import Missing
from meetings.selectors.follow_ups import of_meeting
from meetings.selectors.preparation import preparation
from meetings.selectors.proof import Check, missing_in_minutes, proof
from meetings.selectors.reading import Reading, reading
from meetings.selectors.reopening import open_reopening
from meetings.selectors.snapshot import agenda_items
from meetings.verbs import verb_words
from meetings.workflow import MEETING

NEWEST = 300


def minutes_page(user: Any, meeting: Meeting) -> dict[str, Any]:
    """Item by item what is decided, what is missing, and the moves that are possible now."""
    items = agenda_items(meeting)
    for item in items:
        item.meeting = meeting
    works = policies.sees_drafts(user, meeting.committee_id)
    read = reading(user, meeting)
    checks = proof(meeting, items) if works and meeting.state in DECIDING else []
    missing = missing_in_minutes(meeting, checks)
    return {
        "meeting": meeting,
        "works": works,
        "is_insider": True,
        "rows": _rows(user, meeting, items) if works else [],
        "reading": read if read and read.kind == "minutes" else None,
        "checks": [(check, _shown(user, check)) for check in checks],
        "missing": missing,
        "can_override": policies.can_override_proof(user, meeting),
        "moves": available_moves(user, meeting, missing) if works else [],
        "is_locked": meeting.state in CLOSED_RECORD,
        "tasks": preparation(meeting, items) if works else [],
        "versions": list(meeting.versions.filter(kind="minutes").select_related("issued_by")),
        "can_publish": policies.can_publish_minutes(user, meeting),
        "tab": "minutes",
        **_after(user, meeting, read, works=works),
    }


def _shown(user: Any, check: Check) -> list[Any]:
    """The lines; where somebody may not read a closed item, they see that it lacks something."""
    hidden = set(disqualified_items(user))
    return [line for line in check.lines if line.item_id not in hidden]


def _after(user: Any, meeting: Meeting, read: Reading | None, *, works: bool) -> dict[str, Any]:
    """The approval, and what can still happen once the minutes are locked."""
    is_out = meeting.state == MeetingState.APPROVAL
    found = answers(meeting, sent_version(meeting)) if is_out else []
    minutes = read if read and read.kind == "minutes" else None
    return {
        "is_out": is_out,
        "asked": len(found),
        "answered": sum(answer.approval is not None for answer in found),
        "own": next((answer for answer in found if answer.member.pk == user.pk), None),
        "record": minutes.snapshot if minutes and not minutes.is_live else {},
        "can_add": policies.can_add_addition(user, meeting),
        "can_reopen": policies.can_ask_reopening(user, meeting),
        "reopening": open_reopening(meeting) if works else None,
    }


def _rows(user: Any, meeting: Meeting, items: list[AgendaItem]) -> list[dict[str, Any]]:
    follow_ups, carried = of_meeting(user, meeting), carried_along(meeting)
    target = next_open_meeting(meeting)
    return [
        _row(user, meeting, item)
        | {
            "follow_ups": follow_ups.get(item.pk, []),
            "can_add_follow_up": policies.can_add_follow_up(user, item),
            "carried": carried.get(item.pk),
            "can_carry": policies.can_carry_item(user, item),
            "target": target,
        }
        for item in items
    ]


def _row(user: Any, meeting: Meeting, item: AgendaItem) -> dict[str, Any]:
    texts = {text.key: text.text for text in item.texts.all()}
    level = policies.reading_level(user, item.pk, meeting.committee_id)
    readable = level == "full" or not item.is_closed
    return {
        "item": item,
        "title": item.title if readable else item.public_heading,
        "readable": readable,
        "decision": texts.get(DECISION, "") if readable else "",
        "public_decision": texts.get(PUBLIC_DECISION, ""),
        "can_decide": policies.can_record_decision(user, item),
    }


POLICY = {
    "begin": policies.can_lead_meeting,
    "end": policies.can_lead_meeting,
    "resume": policies.can_lead_meeting,
    "send_for_approval": policies.can_finish_minutes,
    "reopen_minutes": policies.can_finish_minutes,
    "lock": policies.can_lock_minutes,
}


def available_moves(
    user: Any, meeting: Meeting, missing: list[Missing] | None = None
) -> list[dict[str, Any]]:
    """The moves that start from the present state, each with its verdict for `user`."""
    return [
        {
            "name": move.name,
            "label": move.label,
            "verdict": _verdict(user, meeting, move.name, missing),
            "is_forward": move.name not in {"resume", "reopen_minutes"},
        }
        for move in MEETING.transitions
        if move.name in POLICY and meeting.state in move.sources
    ]


def _verdict(user: Any, meeting: Meeting, name: str, missing: list[Missing] | None) -> Verdict:
    for verdict in (POLICY[name](user, meeting), MEETING.check(meeting, name)):
        if not verdict:
            return verdict
    if name == "send_for_approval" and missing:
        return no(missing[0].text)
    return lockable(meeting) if name == "lock" else YES


def protocol_rows(user: Any, meeting: Meeting) -> list[dict[str, Any]]:
    """The newest acts on the meeting and its items; items by their public heading."""
    entries = AuditEntry.objects.filter(
        scope_type="meetings.Meeting", scope_id=str(meeting.pk)
    ) | AuditEntry.objects.filter(object_type="meetings.Meeting", object_id=str(meeting.pk))
    newest = list(entries.order_by("-seq")[:NEWEST])
    items = {str(item.pk): item for item in AgendaItem.objects.filter(meeting=meeting)}
    return [
        {
            "entry": entry,
            "words": verb_words(entry.verb),
            "item": items.get(entry.object_id)
            if entry.object_type == "meetings.AgendaItem"
            else None,
        }
        for entry in newest
    ]
