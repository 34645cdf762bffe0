"""Who answers, concludes, gives evidence and verifies under the AI Act, and why not."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from committee.enums import Role
from committee.models import Committee, roles_in
from core.verdicts import YES, Verdict, no
from ethics.models import ObligationEvidence
from usecases import policies as cases
from usecases.enums import FINAL, Actor, Status
from usecases.models import UseCase


def can_answer(user: Any, case: UseCase) -> Verdict:
    """Answer the questions: those who may change the case's own text."""
    return cases.can_edit(user, case)


def can_conclude(user: Any, case: UseCase) -> Verdict:
    """Settle what the rules say, as the secretariat after a lawyer has looked at it."""
    verdict = cases.runs(user, case)
    if not verdict:
        return verdict
    if case.merged_into_id:
        return no(cases.MERGED)
    if case.status == Status.DRAFT:
        return no(_("The proposal must be submitted before the assessment can be concluded."))
    if case.status in FINAL:
        return no(_("The proposal is closed. Its assessment is kept as it was."))
    return YES


def can_give_evidence(user: Any, case: UseCase) -> Verdict:
    """Show that a duty is met: the owner, or the secretariat for them."""
    if case.status in FINAL or case.merged_into_id:
        return no(_("The proposal is closed. Its evidence is kept as it was."))
    if cases.actors(user, case) & {Actor.OWNER, Actor.SECRETARIAT}:
        return YES
    return no(_("Only the system owner or the secretariat can give evidence."))


def can_verify(user: Any, case: UseCase, evidence: ObligationEvidence | None = None) -> Verdict:
    """Verify evidence: the secretariat, and neither the owner nor the one who gave it."""
    if case.status in FINAL or case.merged_into_id:
        return no(_("The proposal is closed. Its evidence is kept as it was."))
    if Actor.OWNER in cases.actors(user, case):
        return no(_("Somebody other than the owner must verify the evidence."))
    verdict = cases.runs(user, case)
    if verdict and evidence is not None and evidence.by_id == user.pk:
        return no(_("Somebody other than the one who gave the evidence must verify it."))
    return verdict


def can_replay(user: Any, committee: Committee) -> Verdict:
    """Run stored answers under another version of the rules."""
    held = roles_in(user, committee.pk) if getattr(user, "is_active", False) else frozenset()
    return YES if Role.SECRETARIAT in held else no(cases.ONLY_SECRETARIAT)
