"""Lists of meetings."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from committee.models import Committee
from meetings.enums import MeetingState
from meetings.models import Meeting


@dataclass
class Year:
    """One year's meetings, those to come first in order, then those that were held."""

    year: int
    coming: list[Meeting] = field(default_factory=list)
    held: list[Meeting] = field(default_factory=list)


def meeting_years(user: Any, committee: Committee) -> list[Year]:
    """The committee's meetings that `user` may know of, newest year first."""
    meetings = (
        Meeting.objects.visible_to(user)
        .filter(committee=committee)
        .annotate(
            item_count=Count("items", filter=Q(items__removed_at__isnull=True, items__released=True))
        )
        .order_by("starts_at")
    )
    years: dict[int, Year] = {}
    now = timezone.now()
    for meeting in meetings:
        year = timezone.localtime(meeting.starts_at).year
        bucket = years.setdefault(year, Year(year))
        over = meeting.ends_at < now or meeting.state == MeetingState.CANCELLED
        (bucket.held if over else bucket.coming).append(meeting)
    for bucket in years.values():
        bucket.held.reverse()
    return sorted(years.values(), key=lambda y: -y.year)


def next_meeting(user: Any, committee_ids: list[int]) -> Meeting | None:
    """The first meeting to come in one of the committees."""
    return (
        Meeting.objects.visible_to(user)
        .filter(committee__in=committee_ids)
        .upcoming(timezone.now())
        .select_related("committee", "rule_profile")
        .order_by("starts_at")
        .first()
    )
