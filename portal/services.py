"""What a reader does on their own pages."""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from committee.models import User


def mark_news_read(*, until: datetime, by: Any) -> None:
    """Remember how far `by` has read the news; never back in time, never into the future.

    It is a bookmark of the person's own, not an act of the committee: nothing is recorded.
    """
    moment = min(until, timezone.now())
    earlier = Q(news_read_at__isnull=True) | Q(news_read_at__lt=moment)
    User.objects.filter(earlier, pk=by.pk).update(news_read_at=moment)
