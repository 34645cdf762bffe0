"""The participants page."""

from typing import Any

from committee.models import Membership
from meetings import policies
from meetings.enums import AttendanceStatus
from meetings.models import Attendance, Meeting
from meetings.selectors.recusals import cases_of
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
        "disqualifications": disqualifications(user, meeting) if works else [],
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


def disqualifications(user: Any, meeting: Meeting) -> list[dict[str, Any]]:
    """The open cases in the order of the agenda, with the grounds where `user` reads them."""
    return [
        {"case": case, "grounds": case.grounds if policies.reads_grounds(user, case) else ""}
        for case in cases_of(meeting)
    ]
