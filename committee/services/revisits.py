"""Looking at a body's work again: recorded when it was held, and reminded of before."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committee import policies
from committee.enums import RevisitOutcome, Role
from committee.models import Committee, Membership, Revisit
from committee.services.people import lock
from committee.services.work import NewEvidence, check_address
from core import outbox
from core.audit import record
from core.text import clean_text
from core.verdicts import Refused, StaleState

SEND = "committee.remind_revisit"
LONGEST = 5000
# How many days before it is due, and how many after, somebody is reminded.
DISTANCES = (90, 30, 0, -14)


@dataclass(frozen=True, kw_only=True)
class Held:
    """What came of it."""

    on: date
    outcome: str
    text: str
    decided_by: str
    evidence: NewEvidence | None = None
    next_on: date | None = None


@transaction.atomic
def hold_revisit(*, committee: Committee, due_on: date, held: Held, by: Any) -> Revisit:
    """Keep what the re-visit of `due_on` led to; the next one is due when it says so.

    Raises `StaleState` when it has been recorded already, `Refused` for what lacks or cannot be.
    """
    policies.can_hold_revisit(by, committee).require()
    lock(committee)
    now = Committee.objects.get(pk=committee.pk)
    if now.revisit_on != due_on:
        raise StaleState(_("The re-visit has been recorded already. Nothing was changed."))
    _check(held)
    row = Revisit.objects.create(
        committee=now,
        due_on=due_on,
        held_on=held.on,
        outcome=held.outcome,
        text=clean_text(held.text)[:LONGEST],
        decided_by=" ".join(held.decided_by.split())[:200],
        evidence_title=held.evidence.title[:200] if held.evidence else "",
        evidence_url=held.evidence.url if held.evidence else "",
        next_on=held.next_on,
        by=by,
    )
    Committee.objects.filter(pk=now.pk).update(revisit_on=held.next_on)
    facts = {"due": str(due_on), "held": str(held.on), "outcome": str(held.outcome)}
    facts |= {"next": str(held.next_on)} if held.next_on else {}
    record("committee.revisit_held", row, by=by, scope=now, data=facts)
    return row


def _check(held: Held) -> None:
    today = timezone.localdate()
    if held.on > today:
        raise Refused(_("The date cannot be in the future."), "held_on")
    if held.outcome not in RevisitOutcome.values:
        raise Refused(_("Choose one of the answers."), "outcome")
    if not clean_text(held.text):
        raise Refused(_("Write what was found."), "text")
    if not held.decided_by.strip():
        raise Refused(_("Write who decided."), "decided_by")
    if held.evidence:
        check_address(held.evidence.url)
    if held.next_on and held.outcome == RevisitOutcome.ENDED:
        raise Refused(_("What has ended is not looked at again."), "next_on")
    if held.next_on and held.next_on <= today:
        raise Refused(_("Choose a date that is still to come."), "next_on")


# Reminders ------------------------------------------------------------------------------------


@transaction.atomic
def remind_revisits(today: date | None = None) -> int:
    """Queue a mail for each person and occasion; running again queues nothing twice."""
    keys = []
    for committee, day, distance in due_revisits(today or timezone.localdate()):
        for person in sorted(secretariat_of(committee)):
            key = f"revisit:{committee.pk}:{day.isoformat()}:{distance}:{person}"
            facts = {"committee": committee.pk, "user": person, "day": day.toordinal()}
            facts["distance"] = distance
            outbox.enqueue(kind=SEND, key=key, payload=facts)
            keys.append(key)
    return len(keys)


def due_revisits(today: date) -> Iterator[tuple[Committee, date, int]]:
    """Bodies that are to look again soon, or are late, with the newest occasion that has come."""
    rows = Committee.objects.filter(revisit_on__lte=today + timedelta(days=DISTANCES[0]))
    for committee in rows.order_by("pk"):
        if (day := committee.revisit_on) is not None:
            left = (day - today).days
            yield committee, day, min(one for one in DISTANCES if left <= one)


def secretariat_of(committee: Committee) -> set[int]:
    """Who prepares the body, or one that came after it, now."""
    bodies = Committee.objects.filter(predecessor=committee).values_list("pk", flat=True)
    rows = Membership.objects.filter(
        committee__in=[committee.pk, *bodies], role=Role.SECRETARIAT, user__is_active=True
    )
    return set(rows.active().values_list("user", flat=True))
