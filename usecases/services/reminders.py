"""Reminders of days that are near: a pilot that ends, a decision that lapses.

Run again and again by the clock. A person gets one mail per day and distance: a date that is
moved is a new day, and whoever comes within a week at once hears of that alone.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from core import audit
from core.models import OutboxEntry
from usecases.enums import Status
from usecases.models import UseCase
from usecases.services.telling import (
    LAPSES,
    PILOT_ENDS,
    audience,
    notice_key,
    queue_reminder,
    reminder_mark,
)

DISTANCES = (7, 30)


@transaction.atomic
def remind_of_dates(today: date | None = None) -> int:
    """Queue what is due; returns how many mails are new."""
    today = today or timezone.localdate()
    wanted = {
        notice_key(case, what, reminder_mark(day, distance), pk): (case, what, day, distance, pk)
        for case, what, day, distance in _due(today)
        for pk in sorted(audience(case, what))
    }
    known = set(OutboxEntry.objects.filter(key__in=wanted).values_list("key", flat=True))
    new = {key: row for key, row in wanted.items() if key not in known}
    told: dict[tuple[int, str], list[int]] = {}
    cases: dict[int, UseCase] = {}
    for case, what, day, distance, pk in new.values():
        queue_reminder(case, pk, what, day, distance)
        told.setdefault((case.pk, what), []).append(pk)
        cases[case.pk] = case
    for (pk, what), people in told.items():
        facts = {"about": what, "people": people}
        audit.record("usecases.remind", cases[pk], by=None, scope=cases[pk].committee, data=facts)
    return len(new)


def _due(today: date) -> Iterator[tuple[UseCase, str, date, int]]:
    """Each case whose day is near, with how near it counts as."""
    span = (today, today + timedelta(days=max(DISTANCES)))
    rows = UseCase.objects.select_related("committee").order_by("pk")
    for case in rows.filter(status=Status.PILOT, pilot_end__range=span):
        if case.pilot_end:
            yield case, PILOT_ENDS, case.pilot_end, _distance(case.pilot_end, today)
    approved = (Status.APPROVED_FOR_PILOT, Status.APPROVED_FOR_OPERATION)
    near = rows.filter(status__in=approved, decision_expires__range=span, material_change=False)
    for case in near:
        if case.decision_expires:
            yield case, LAPSES, case.decision_expires, _distance(case.decision_expires, today)


def _distance(day: date, today: date) -> int:
    return next(days for days in DISTANCES if day <= today + timedelta(days=days))
