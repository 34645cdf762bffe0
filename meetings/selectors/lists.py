"""Lists of meetings."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, Q
from django.utils import timezone

from committee.models import Committee, roles_in
from meetings.enums import MeetingState
from meetings.models import Meeting


@dataclass
class Year:
    """One year of a meeting plan."""

    year: int
    meetings: list[Meeting] = field(default_factory=list)


@dataclass
class Plan:
    """What is coming, nearest first, and what is over, newest first; by year."""

    coming: list[Year]
    over: list[Year]


def meeting_plan(user: Any, committee: Committee) -> Plan:
    """The committee's meetings that `user` may know of."""
    on_agenda = Q(items__removed_at__isnull=True, items__released=True)
    if not roles_in(user, committee.pk):
        # Not how many items an agenda has that is held back from citizens.
        on_agenda &= Q(public_agenda=F("agenda_version")) | Q(public_minutes__gt=0)
    meetings = list(
        Meeting.objects.visible_to(user)
        .filter(committee=committee)
        .annotate(item_count=Count("items", filter=on_agenda))
        .order_by("starts_at")
    )
    over = [meeting for meeting in meetings if is_over(meeting)]
    coming = [meeting for meeting in meetings if not is_over(meeting)]
    return Plan(coming=_by_year(coming), over=_by_year(reversed(over)))


def is_over(meeting: Meeting) -> bool:
    """Held, or called off."""
    return meeting.ends_at < timezone.now() or meeting.state == MeetingState.CANCELLED


def _by_year(meetings: Iterable[Meeting]) -> list[Year]:
    years: dict[int, Year] = {}
    for meeting in meetings:
        year = timezone.localtime(meeting.starts_at).year
        years.setdefault(year, Year(year)).meetings.append(meeting)
    return list(years.values())


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
