"""Days and shares as figures say them."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _


def after(day: date) -> datetime:
    """The first moment after a day."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def before(day: date) -> datetime:
    """The first moment of a day."""
    return timezone.make_aware(datetime.combine(day, time.min))


def month_ends(start: date, end: date, most: int) -> list[date]:
    """The ends of the months between two days, and the last day; evenly fewer when many."""
    found = []
    day = start
    while day < end:
        last = day.replace(day=monthrange(day.year, day.month)[1])
        if last < end:
            found.append(last)
        day = last + timedelta(days=1)
    pace = max(1, -(-len(found) // max(most - 1, 1)))
    # Counted from the end, so that the steps before the last day are even.
    return [*found[::-1][pace - 1 :: pace][::-1], max(start, end)]


def share(count: int, total: int) -> str:
    """“Hver tredje” where that is what it comes to; else the numbers."""
    words = {
        2: _("Every second"),
        3: _("Every third"),
        4: _("Every fourth"),
        5: _("Every fifth"),
    }
    for parts, said in words.items():
        if count and abs(count * parts - total) <= total * 0.08:
            return str(said)
    return ""


def biggest(counts: Sequence[tuple[str, int]]) -> tuple[str, int]:
    """The first of those with the highest number."""
    return max(counts, key=lambda one: one[1])
