"""Tell the members: invitation, changed invitation, cancellation. One outbox row a person."""

from typing import Any

from core import outbox
from meetings.models import IssuedVersion, Meeting
from meetings.selectors.seats import seated_members

SEND = "meetings.send_invitation"


def send_invitations(*, meeting: Meeting, version: IssuedVersion, by: Any) -> int:
    """Queue a mail with the calendar entry to each member. Returns how many."""
    return _queue(meeting, "request", f"v{version.number}", by)


def invite_again(*, meeting: Meeting, by: Any) -> int:
    """After a change of date or place: the same calendar entry, one SEQUENCE higher."""
    if not meeting.agenda_version:
        return 0
    return _queue(meeting, "request", f"s{meeting.ical_sequence}", by)


def send_cancellation(*, meeting: Meeting, by: Any) -> int:
    """Queue the mail that takes the meeting out of everybody's calendar."""
    return _queue(meeting, "cancel", f"s{meeting.ical_sequence}", by)


def _queue(meeting: Meeting, method: str, mark: str, by: Any) -> int:
    members = seated_members(meeting)
    for member in members:
        outbox.enqueue(
            kind=SEND,
            key=f"invite:{meeting.pk}:{method}:{mark}:{member.user_id}",
            payload={
                "meeting": meeting.pk,
                "user": member.user_id,
                "method": method,
                "sequence": meeting.ical_sequence,
            },
            by=getattr(by, "pk", None),
        )
    return len(members)
