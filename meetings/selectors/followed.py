"""What was to be done after the meeting, as its minutes state it."""

from collections import defaultdict
from typing import Any

from committee.models import Membership
from meetings.enums import FollowUpState
from meetings.models import FollowUp, Meeting


def follow_up_rows(meeting: Meeting, seats: list[Membership]) -> dict[int, list[dict[str, Any]]]:
    """Item → who is to do what by when. Dropped ones are not minuted.

    The public reads the names of members and of units, not of those who serve the body.
    """
    seated = {member.user_id for member in seats}
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    rows = FollowUp.objects.filter(item__meeting=meeting).exclude(state=FollowUpState.DROPPED)
    for row in rows.select_related("owner").order_by("pk"):
        public = row.owner_id is None or row.owner_id in seated
        found[row.item_id].append(
            {
                "id": row.pk,
                "text": row.text,
                "owner": row.owner_name,
                "public_owner": row.owner_name if public else "",
                "due": row.due_on.isoformat(),
            }
        )
    return found
