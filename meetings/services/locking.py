"""One at a time on a meeting."""

from meetings.models import Meeting


def hold(meeting: Meeting) -> None:
    """Lock the meeting's row until the transaction ends, and read it as it stands now."""
    meeting.refresh_from_db(from_queryset=Meeting.objects.select_for_update())
