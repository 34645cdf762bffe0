"""Who is in the room for an item."""

from meetings.enums import AttendanceStatus
from meetings.models import AgendaItem, Disqualification, Meeting


def present_for(meeting: Meeting, item: AgendaItem) -> set[int]:
    """Ids of the members who are present and not disqualified from the item."""
    present = meeting.attendance.filter(status=AttendanceStatus.PRESENT)
    out = Disqualification.objects.filter(item=item, lifted_at__isnull=True)
    return set(present.values_list("member_id", flat=True)) - set(
        out.values_list("member_id", flat=True)
    )
