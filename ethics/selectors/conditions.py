"""Conditions as somebody may read them: on a case, in lists, and what the gates ask."""

from typing import Any

from django.utils import timezone

from committee.models import Membership, User
from ethics.enums.conditions import STANDING, UNSETTLED, Gate
from ethics.models import Condition
from usecases.enums import DECIDED, Decision
from usecases.models import UseCase

# The decision that opens each gate.
DECISIONS = {Gate.PILOT: Decision.PILOT, Gate.OPERATION: Decision.OPERATION}
# What must be true before the pilot must also be true before operation.
COUNTED = {Gate.PILOT: (Gate.PILOT,), Gate.OPERATION: (Gate.PILOT, Gate.OPERATION)}


def counted(case: UseCase, gate: str) -> Any:
    """The conditions that the gate asks for."""
    return Condition.objects.filter(case=case, gate__in=COUNTED[Gate(gate)], state__in=STANDING)


def is_met(case: UseCase, gate: str) -> bool | None:
    """Is everything verified or waived that the gate asks for? None when it has no conditions.

    A decision whose words name conditions is not met by conditions of an earlier one alone.
    """
    rows = list(counted(case, gate).values_list("state", "in_force_at"))
    if not rows:
        return None
    if any(state in UNSETTLED for state, _at in rows):
        return False
    return not _lacks_own(case, gate, [at for _state, at in rows])


def _lacks_own(case: UseCase, gate: str, begun: list[Any]) -> bool:
    """Does the decision name conditions of which none has been written down?"""
    if case.decision != DECISIONS[Gate(gate)] or not case.decision_conditions.strip():
        return False
    recorded = case.decision_recorded_at
    return recorded is not None and all(at < recorded for at in begun)


def possible_owners(case: UseCase) -> Any:
    """Those who can read the case: the committee's own, and those who answer for it."""
    seats = Membership.objects.active_on(timezone.localdate()).filter(committee=case.committee_id)
    inside = User.objects.filter(pk__in=seats.values("user"))
    own = User.objects.filter(pk__in=[pk for pk in (case.owner_id, case.proposer_id) if pk])
    return (inside | own).filter(is_active=True).order_by("name", "pk")


def unwritten(case: UseCase) -> bool:
    """Does the decision that holds name conditions that nobody has written down one by one?"""
    gate = next((gate for gate, decision in DECISIONS.items() if decision == case.decision), None)
    if gate is None or case.status not in DECIDED:
        return False
    begun = list(counted(case, gate).values_list("in_force_at", flat=True))
    return _lacks_own(case, gate, begun)
