"""The agenda page, for those who build it and for those who read it."""

from dataclasses import dataclass
from typing import Any

from meetings import policies
from meetings.changes import compute_changes
from meetings.enums import AGENDA_OPEN, Access, VersionKind
from meetings.models import AgendaItem, IssuedVersion, Meeting
from meetings.models.people import disqualified_items
from meetings.redaction import Level, redact
from meetings.selectors.carrying import proposals
from meetings.selectors.completeness import missing_in_item
from meetings.selectors.preparation import preparation
from meetings.selectors.reading import Reading, kinds_of
from meetings.selectors.snapshot import agenda_items, live_snapshot


@dataclass(frozen=True)
class Row:
    """One line of the agenda table."""

    item: AgendaItem
    title: str
    readable: bool
    change: str
    is_ready: bool
    missing: list[Any]
    attachment_count: int
    closed_count: int
    is_first: bool
    is_last: bool


def agenda_page(user: Any, meeting: Meeting) -> dict[str, Any]:
    """What the work page shows; the same number of queries for any number of items."""
    items = agenda_items(meeting)
    for item in items:
        item.meeting = meeting
    latest = meeting.versions.filter(kind=VersionKind.AGENDA).order_by("-number").first()
    changes = _changes(meeting, latest)
    kinds = {change["item"]: change["kind"] for change in changes}
    rows = [
        _row(
            user,
            item,
            kinds.get(item.pk, ""),
            is_first=index == 0,
            is_last=index == len(items) - 1,
        )
        for index, item in enumerate(items)
    ]
    can_edit = policies.can_edit_agenda(user, meeting)
    planned = sum(item.minutes or 0 for item in items)
    return {
        "meeting": meeting,
        "rows": rows,
        "latest": latest,
        "changes": changes_for(user, meeting, changes),
        "tasks": preparation(meeting, items),
        "planned": planned,
        "length": int((meeting.ends_at - meeting.starts_at).total_seconds() // 60),
        "is_open": meeting.state in AGENDA_OPEN,
        "can_edit": can_edit,
        "proposals": proposals(user, meeting, can_edit),
        "can_edit_meeting": policies.can_edit_meeting(user, meeting),
        "can_issue": policies.can_issue_agenda(user, meeting),
        "can_withdraw": policies.can_publish_minutes(user, meeting),
        "can_lead": policies.can_lead_meeting(user, meeting),
        "tab": "agenda",
    }


def _changes(meeting: Meeting, latest: IssuedVersion | None) -> list[dict[str, Any]]:
    if latest is None or meeting.state not in AGENDA_OPEN:
        return []
    return compute_changes(latest.snapshot, live_snapshot(meeting, VersionKind.AGENDA))


def changes_for(user: Any, meeting: Meeting, changes: list[Any]) -> list[Any]:
    """The changes as one of those who prepare the meeting may read them.

    Somebody who is disqualified from a closed item reads its public heading here too.
    """
    if not disqualified_items(user):
        return changes
    snapshot = live_snapshot(meeting, VersionKind.AGENDA) | {"changes": changes}

    def level(item: dict[str, Any]) -> Level:
        return policies.reading_level(user, item["id"], meeting.committee_id)

    return list(redact(snapshot, level=level)["changes"])


def _row(user: Any, item: AgendaItem, change: str, *, is_first: bool, is_last: bool) -> Row:
    level = policies.reading_level(user, item.pk, item.meeting.committee_id)
    readable = level == "full" or not item.is_closed
    missing = missing_in_item(item)
    attachments = item.attachments.all()
    return Row(
        item=item,
        title=item.title if readable else item.public_heading,
        readable=readable,
        change=change,
        is_ready=not missing,
        missing=missing,
        attachment_count=len(attachments),
        closed_count=sum(a.access == Access.CLOSED for a in attachments),
        is_first=is_first,
        is_last=is_last,
    )


def read_page(user: Any, meeting: Meeting, reading: Reading | None) -> dict[str, Any]:
    """What a member or a citizen sees of the meeting."""
    answer = None
    if policies.is_insider(user, meeting):
        answer = meeting.attendance.filter(member=user).first()
    return {
        "meeting": meeting,
        "reading": reading,
        "version": reading.snapshot["version"] if reading else None,
        "items": reading.items if reading else [],
        "changes": reading.snapshot["changes"] if reading else [],
        "documents": kinds_of(reading) if reading else (),
        "answer": answer,
        "outside": True,
        "can_answer": policies.can_answer_invitation(user, meeting),
        "is_insider": policies.is_insider(user, meeting),
        "tab": "agenda",
    }


def attachment_rows(reading: Reading | None) -> list[dict[str, Any]]:
    """The items that have attachments this reader may have."""
    items = reading.items if reading else []
    return [item for item in items if item["attachments"]]
