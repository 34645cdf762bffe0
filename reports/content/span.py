"""The period of a report, as days and as moments."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from committee.models import Committee, User
from reports.audience import council_eyes
from reports.models import Report


@dataclass(frozen=True)
class Span:
    """What a report is about, seen by whom, and as it stood on which day."""

    committee: Committee
    eyes: User
    first: date
    last: date
    # The day of the figures: the last of the period, or today while it runs.
    on: date

    @property
    def begins(self) -> datetime:
        return _midnight(self.first)

    @property
    def ends(self) -> datetime:
        """The first moment after the day of the figures."""
        return _midnight(self.on + timedelta(days=1))

    @property
    def moments(self) -> tuple[datetime, datetime]:
        return self.begins, self.ends

    def holds(self, day: date | None) -> bool:
        return day is not None and self.first <= day <= self.on

    def within(self, field: str) -> dict[str, Any]:
        """A filter for rows whose moment lies in the period."""
        return {f"{field}__gte": self.begins, f"{field}__lt": self.ends}


def span_of(report: Report) -> Span:
    on = min(report.period_to, timezone.localdate())
    return Span(
        committee=report.committee,
        eyes=council_eyes(report.committee),
        first=report.period_from,
        last=report.period_to,
        on=max(on, report.period_from),
    )


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
