"""What the clock does with conditions: reminders before and after the date, and far too late.

Asking again is nothing: every mail has its key, and being far too late is noted once per date.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from core import audit, outbox
from ethics import listeners
from ethics.enums.conditions import WITH_OWNER, EventKind
from ethics.models import Condition, ConditionEvent
from ethics.models.conditions import TOO_LATE
from ethics.services.conditions import SEND
from usecases import hooks
from usecases.enums import DECIDED, Status
from usecases.models import UseCase
from usecases.services.texts import fresh

SEND_EXPIRY = "ethics.send_expiry"
FIRST, SECOND = timedelta(days=30), timedelta(days=7)
# A decision holds: an approval that lapsed, or a use that ended, asks for nothing any more.
FOLLOWED = DECIDED | {Status.PILOT_ENDED}
APPROVED = (Status.APPROVED_FOR_PILOT, Status.APPROVED_FOR_OPERATION)


def occasion_of(due_on: date, today: date) -> str:
    """Which reminder the date calls for; empty while it is far away."""
    if due_on < today:
        return "overdue"
    if due_on <= today + SECOND:
        return "soon"
    return "month" if due_on <= today + FIRST else ""


@transaction.atomic
def remind_owners(today: date | None = None) -> int:
    """Queue a mail to each owner whose date is 30 or 7 days away, or has passed."""
    today = today or timezone.localdate()
    rows = Condition.objects.filter(state__in=WITH_OWNER, due_on__lte=today + FIRST)
    rows = rows.filter(case__status__in=FOLLOWED, owner__is_active=True)
    found = list(_condition_mails(rows.order_by("pk"), today))
    return _queue(found)


def _condition_mails(rows: Any, today: date) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for row in rows:
        occasion, due = occasion_of(row.due_on, today), row.due_on.isoformat()
        payload = {"condition": row.pk, "user": row.owner_id, "occasion": occasion, "due_on": due}
        yield SEND, f"condition:{row.pk}:{occasion}:{due}:{row.owner_id}", payload


@transaction.atomic
def remind_expiries(today: date | None = None) -> int:
    """Queue a mail to the owner of each approved use whose approval lapses in 30 or 7 days."""
    today = today or timezone.localdate()
    cases = UseCase.objects.filter(
        status__in=APPROVED,
        decision_expires__gte=today,
        decision_expires__lte=today + FIRST,
        owner__is_active=True,
    )
    return _queue(list(_expiry_mails(cases.order_by("pk"), today)))


def _expiry_mails(cases: Any, today: date) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for case in cases:
        occasion, day = occasion_of(case.decision_expires, today), case.decision_expires.isoformat()
        payload = {"case": case.pk, "user": case.owner_id, "occasion": occasion, "expires": day}
        yield SEND_EXPIRY, f"expiry:{case.pk}:{occasion}:{day}:{case.owner_id}", payload


def _queue(mails: list[tuple[str, str, dict[str, Any]]]) -> int:
    """Returns how many mails are called for; those that were queued before are not sent again."""
    for kind, key, payload in mails:
        outbox.enqueue(kind=kind, key=key, payload=payload)
    return len(mails)


def far_overdue(today: date | None = None) -> Any:
    """Conditions that are more than 30 days late and that nobody has been told of."""
    today = today or timezone.localdate()
    rows = Condition.objects.filter(
        state__in=WITH_OWNER, due_on__lt=today - TOO_LATE, overdue_told_at__isnull=True
    )
    rows = rows.filter(case__status__in=FOLLOWED).select_related("case__committee")
    return rows.order_by("pk")


@transaction.atomic
def note_far_overdue(condition: Condition) -> bool:
    """Tell those who listen that the condition is an incident. False when it no longer is."""
    case = fresh(condition.case)
    row = far_overdue().filter(pk=condition.pk).first()
    if row is None:
        return False
    row.case, row.overdue_told_at = case, timezone.now()
    row.save(update_fields=["overdue_told_at"])
    ConditionEvent.objects.create(condition=row, kind=EventKind.OVERDUE)
    facts = {"case": case.pk, "number": row.number, "due_on": row.due_on.isoformat()}
    audit.record("ethics.condition_overdue", row, by=None, scope=case.committee, data=facts)
    hooks.tell(listeners.condition_overdue, row)
    return True
