"""What happens to a condition. No users here: who may make a move is the policies' part."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.verdicts import YES, Verdict, no
from core.workflow import Transition, Workflow, register
from ethics.enums.conditions import ConditionState

C = ConditionState


def has_reason(row: Any) -> Verdict:
    return YES if row.reason.strip() else no(_("Write the reason."))


def has_waiver(row: Any) -> Verdict:
    """A condition that somebody decided falls away by a decision only."""
    if row.waived_body.strip() and row.waived_on and row.reason.strip():
        return YES
    return no(_("Write who decided that the condition falls away, when, and why."))


def verified_by_another(row: Any) -> Verdict:
    if row.verified_by_id and row.verified_by_id not in (row.owner_id, row.handed_in_by_id):
        return YES
    return no(_("Somebody other than the owner must verify the evidence."))


def move(name: str, sources: Iterable[str], target: str, label: Any, *guards: Any) -> Transition:
    return Transition(name, frozenset(sources), target, label, guards)


CONDITION = register(
    Workflow(
        name="condition",
        states=dict(C.choices),
        final=frozenset({C.DROPPED}),
        transitions=(
            move("put_in_force", {C.PROPOSED}, C.IN_FORCE, _("Put in force")),
            move("hand_in", {C.IN_FORCE, C.REJECTED}, C.HANDED_IN, _("Hand in evidence")),
            move(
                "withdraw",
                {C.HANDED_IN, C.VERIFIED},
                C.IN_FORCE,
                _("Take the evidence back"),
                has_reason,
            ),
            move("verify", {C.HANDED_IN}, C.VERIFIED, _("Verify"), verified_by_another),
            move("reject", {C.HANDED_IN}, C.REJECTED, _("Turn the evidence down"), has_reason),
            move(
                "waive",
                {C.IN_FORCE, C.HANDED_IN, C.REJECTED},
                C.WAIVED,
                _("Waive"),
                has_waiver,
            ),
            move("reopen", {C.VERIFIED, C.WAIVED}, C.IN_FORCE, _("Open it again"), has_reason),
            move("drop", {C.PROPOSED}, C.DROPPED, _("Do not use it"), has_reason),
        ),
    )
)
