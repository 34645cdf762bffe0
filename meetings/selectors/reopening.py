"""What waits to be decided about locked minutes."""

from typing import Any

from meetings import policies
from meetings.models import Meeting, ReopenRequest


def open_reopening(meeting: Meeting) -> ReopenRequest | None:
    """The request that waits for a second person."""
    rows = meeting.reopenings.filter(approved_at__isnull=True, dropped_at__isnull=True)
    return rows.select_related("asked_by").first()


def reopening_page(user: Any, meeting: Meeting) -> dict[str, Any]:
    return {
        "meeting": meeting,
        "waiting": open_reopening(meeting),
        "can_ask": policies.can_ask_reopening(user, meeting),
        "can_approve": policies.can_approve_reopening(user, meeting),
        "works": True,
        "is_insider": True,
        "tab": "minutes",
    }
