"""What counts as read; `usecases.services.reading` tells why."""

from datetime import datetime, timedelta

from django.utils import timezone

from usecases.models import CaseReading

SAME_VISIT = timedelta(minutes=30)


def seen_until(row: CaseReading | None, now: datetime | None = None) -> int:
    """The number of the newest comment that counts as read."""
    if row is None:
        return 0
    is_over = (now or timezone.now()) - row.visited_at >= SAME_VISIT
    return row.shown_until if is_over else row.seen_until
