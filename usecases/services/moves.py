"""The moves of the life cycle. One service carries them all out, each with one audit row."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from committee.models import Committee
from core import audit
from core.text import clean_text
from core.verdicts import Refused, StaleState
from usecases import hooks, policies
from usecases.enums import Status
from usecases.models import StatusChange, UseCase
from usecases.services.telling import tell_move
from usecases.services.texts import freeze, fresh
from usecases.workflow import LIFE_CYCLE

LONGEST_REASON = 2500
DECISION_HOLDS = timedelta(days=183)
REREVIEW_AFTER = timedelta(days=365)


@transaction.atomic
def move_case(
    *, case: UseCase, move: str, by: Any, reason: str = "", revisit_on: date | None = None
) -> UseCase:
    """Make one move of the life cycle. `by=None` is the system.

    Raises `KeyError` for a move that is none, `NotAllowed` when it is not this person's or a
    guard refuses, `StaleState` when the case has moved on, `Refused` for a bad reason or date.
    """
    LIFE_CYCLE.get(move)
    seen = case.status
    case = fresh(case)
    policies.may_move(by, case, move).require()
    if case.status != seen:
        raise StaleState(_("Somebody else moved the proposal meanwhile. Nothing was changed."))
    reason = _checked_reason(reason)
    _check_date(move, revisit_on)
    # The guards read the row as it will be.
    case.status_reason = reason
    if move == "park":
        case.revisit_on = revisit_on
    now = timezone.now()
    facts = _facts(case, move, now)
    hooks.gates_of(case, move).require()
    old = LIFE_CYCLE.apply(
        case, move, status_reason=reason, status_since=now, updated_at=now, **facts
    )
    if move == "submit":
        freeze(case, by=by)
    change = StatusChange.objects.create(
        case=case, move=move, old=old, new=case.status, reason=reason, at=now, by=by
    )
    audit.record(
        f"usecases.{move}",
        case,
        by=by,
        scope=case.committee,
        data={"from": old, "to": str(case.status), "revision": case.revision},
    )
    tell_move(case, change, by)
    hooks.tell(hooks.moved, case, move, by)
    return case


def _checked_reason(reason: str) -> str:
    reason = clean_text(reason)
    if len(reason) > LONGEST_REASON:
        raise Refused(_("Write at most %(n)s characters.") % {"n": LONGEST_REASON}, "reason")
    return reason


def _check_date(move: str, revisit_on: date | None) -> None:
    if move == "park" and revisit_on and revisit_on <= timezone.localdate():
        raise Refused(_("Choose a date that is still to come."), "revisit_on")


def _facts(case: UseCase, move: str, now: Any) -> dict[str, Any]:
    """What else changes with the move."""
    today = timezone.localdate(now)
    if move == "submit":
        return {"submitted_at": now, "reference": next_reference(today.year)}
    if move in ("approve_pilot", "approve_operation"):
        return _approved(case, move, today)
    others: dict[str, dict[str, Any]] = {
        "park": {"revisit_on": case.revisit_on},
        "unpark": {"revisit_on": None},
        "start_operation": {"rereview_on": case.rereview_on or today + REREVIEW_AFTER},
        "suspend": {"previous_status": case.status, "incident_closed": False},
    }
    return others.get(move, {})


def _approved(case: UseCase, move: str, today: date) -> dict[str, Any]:
    """A new decision: its conditions are not met yet, and it holds for a time."""
    gate = "pilot" if move == "approve_pilot" else "operation"
    return {
        f"conditions_{gate}_met": not case.decision_conditions.strip(),
        "decision_expires": case.decision_expires or today + DECISION_HOLDS,
        "material_change": False,
        "register_approved_at": None,
        "register_approved_by": None,
    }


def lock_numbers() -> None:
    """Nobody else gives a number before the caller's transaction ends: the first body is the lock.

    Whoever looks for a case before making it takes the lock before the look.
    """
    list(Committee.objects.select_for_update().order_by("pk").values_list("pk")[:1])


def next_reference(year: int) -> str:
    """AI-2026-014, inside the caller's transaction. One at a time."""
    lock_numbers()
    start = f"AI-{year}-"
    numbers = UseCase.objects.filter(reference__startswith=start).values_list(
        "reference", flat=True
    )
    highest = max((int(found.rsplit("-", 1)[1]) for found in numbers if found), default=0)
    return f"{start}{highest + 1:03d}"


def overdue_moves(today: date | None = None) -> list[tuple[UseCase, str]]:
    """What the system itself must do today: end pilots (L10), let decisions lapse (L15)."""
    today = today or timezone.localdate()
    ended = UseCase.objects.filter(status=Status.PILOT, pilot_end__lt=today)
    approved = (Status.APPROVED_FOR_PILOT, Status.APPROVED_FOR_OPERATION)
    lapsed = UseCase.objects.filter(
        Q(decision_expires__lt=today) | Q(material_change=True), status__in=approved
    )
    return [(case, "end_pilot") for case in ended] + [(case, "lapse") for case in lapsed]
