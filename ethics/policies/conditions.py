"""Who may do what with a condition, and why not."""

from typing import Any, Literal

from django.utils.translation import gettext_lazy as _

from core.verdicts import YES, Verdict, no
from ethics.enums.conditions import WITH_OWNER, ConditionState
from ethics.models import Condition
from usecases import policies as cases
from usecases.enums import FINAL, Actor, DecisionAccess, Status
from usecases.models import UseCase

Level = Literal["full", "own", "public", "none"]
CLOSED_CASE = _("The proposal is a draft or closed. Its conditions are kept as they were.")
NOT_THE_OWNER = _("Only the owner of the condition can do this.")
ANOTHER = _("Somebody other than the owner must verify the evidence.")


def reading(user: Any, case: UseCase) -> Level:
    """How much of a case's conditions `user` reads: all, one's own, what is public, nothing.

    The same rule as `Condition.objects.visible_to`, for one case.
    """
    level = cases.reading_level(user, case)
    if level == "full":
        closed = case.decision and case.decision_access == DecisionAccess.CLOSED
        return "own" if closed and not _reads_closed(user, case) else "full"
    return "public" if level == "public" else "none"


def _reads_closed(user: Any, case: UseCase) -> bool:
    return cases.reads_closed(user, case) or Actor.OWNER in cases.actors(user, case)


def _stands(case: UseCase) -> Verdict:
    if case.merged_into_id:
        return no(cases.MERGED)
    if case.status == Status.DRAFT or case.status in FINAL:
        return no(CLOSED_CASE)
    return YES


def may_add(user: Any, case: UseCase) -> Verdict:
    """Is it this person's to add conditions? Says nothing about the state of the case."""
    return cases.runs(user, case)


def can_add(user: Any, case: UseCase) -> Verdict:
    """Add a condition: the secretariat, while the case is neither a draft nor closed."""
    verdict = may_add(user, case)
    return _stands(case) if verdict else verdict


def can_change(user: Any, row: Condition) -> Verdict:
    """Change text, gate, owner or date. Not while its evidence is looked at, or was verified."""
    verdict = can_add(user, row.case)
    if not verdict:
        return verdict
    if row.state in WITH_OWNER or row.state == ConditionState.PROPOSED:
        return YES
    return no(_("The condition is not changed while evidence stands. Open it again first."))


def may_hand_in(user: Any, row: Condition) -> Verdict:
    """Is it this person's to give evidence?"""
    scope = getattr(user, "role_scope", None)
    inside = scope is None or row.case.committee_id in scope
    return YES if user.is_active and row.owner_id == user.pk and inside else no(NOT_THE_OWNER)


def can_hand_in(user: Any, row: Condition) -> Verdict:
    """Give evidence for one's own condition."""
    verdict = may_hand_in(user, row)
    return _stands(row.case) if verdict else verdict


def can_verify(user: Any, row: Condition) -> Verdict:
    """Say whether the evidence shows it: the secretariat, but no owner and not who gave it."""
    if user is not None and user.pk in (row.owner_id, row.handed_in_by_id):
        return no(ANOTHER)
    verdict = cases.can_verify_conditions(user, row.case)
    return _stands(row.case) if verdict else verdict


def can_withdraw(user: Any, row: Condition) -> Verdict:
    """Take evidence back: who gave it, or the secretariat."""
    verdict = can_hand_in(user, row)
    return verdict or can_add(user, row.case)


def can_reopen(user: Any, row: Condition) -> Verdict:
    return can_add(user, row.case)


# The moves with a page of their own; handing in, verifying and changing have theirs.
MOVERS = {
    "put_in_force": can_reopen,
    "withdraw": can_withdraw,
    "waive": can_reopen,
    "reopen": can_reopen,
    "drop": can_reopen,
}
