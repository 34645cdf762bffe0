"""The participants page."""

from typing import Any

from committee.models import Membership
from meetings import policies
from meetings.enums import AttendanceStatus
from meetings.models import Attendance, Disqualification, Meeting
from meetings.selectors.seats import owner_of, role_word, seat_name, seated_members


def people_page(user: Any, meeting: Meeting) -> dict[str, Any]:
    """Each seated member with their answer; who is disqualified, for those who work on it."""
    answers = {row.member_id: row for row in Attendance.objects.filter(meeting=meeting)}
    members = seated_members(meeting)
    rows = [_row(member, answers.get(owner_of(member).user_id)) for member in members]
    works = policies.sees_drafts(user, meeting.committee_id)
    present = sum(row["status"] == AttendanceStatus.PRESENT for row in rows)
    return {
        "meeting": meeting,
        "people": rows,
        "present": present,
        "needed": meeting.rule_profile.rules.quorum_needed(len(rows)),
        "quorum": meeting.rule_profile.rules.rules["quorum"],
        "statuses": AttendanceStatus.choices,
        "can_record": policies.can_record_attendance(user, meeting),
        "works": works,
        "is_insider": True,
        "disqualifications": disqualifications(meeting) if works else [],
        "tab": "people",
    }


def _row(member: Membership, answer: Attendance | None) -> dict[str, Any]:
    return {
        "id": owner_of(member).user_id,
        "name": seat_name(member),
        "has_substitute": owner_of(member) is not member,
        "role": role_word(member),
        "status": answer.status if answer else AttendanceStatus.UNKNOWN.value,
        "word": answer.get_status_display() if answer else AttendanceStatus.UNKNOWN.label,
        "note": answer.note if answer else "",
        "remark": answer.remark if answer else "",
    }


def disqualifications(meeting: Meeting) -> list[Disqualification]:
    """The open ones, in the order of the agenda."""
    rows = Disqualification.objects.filter(item__meeting=meeting, lifted_at__isnull=True)
    return list(rows.select_related("member", "item").order_by("item__position", "member__name"))
