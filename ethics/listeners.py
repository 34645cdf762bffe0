"""What ethics does when a case moves or changes; see `usecases.hooks`."""

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.verdicts import YES, Verdict
from ethics.hooks import law_changed
from ethics.models import ReviewRound
from ethics.policies import gates
from ethics.selectors.aiact import assessment_of
from ethics.selectors.conditions import counted
from ethics.services import conditions, rounds
from usecases import hooks

__all__ = ["condition_overdue", "law_changed"]

# Conditions ----------------------------------------------------------------------------------

# (condition): it is more than 30 days overdue. Told once for each date, inside the transaction.
condition_overdue: list[Callable[[Any], None]] = []


@hooks.on(hooks.moved)
def conditions_of_decision(case: Any, move: str, by: Any) -> None:
    """What was proposed with a decision binds from the decision on."""
    if move in ("approve_pilot", "approve_operation"):
        conditions.put_all_in_force(case, by)


@hooks.on(hooks.keepers)
def conditions_are_kept(case: Any, fact: str) -> hooks.Keeper | None:
    """Once a gate has conditions, they say whether they are met, and nobody else."""
    gate = fact.removeprefix("conditions_")
    if gate == fact or not counted(case, gate).exists():
        return None
    return hooks.Keeper(
        _("Each condition is followed on its own, so this is not recorded by hand."),
        reverse("ethics:conditions_page", args=[case.pk]),
        _("See the conditions"),
    )


# The AI Act ----------------------------------------------------------------------------------

KEPT_BY_ASSESSMENT = {"classification", "obligations_pilot", "obligations_operation"}


@hooks.on(hooks.keepers)
def ai_act_is_kept(case: Any, fact: str) -> hooks.Keeper | None:
    """Once the AI Act's questions are answered, tier and duties follow from the answers."""
    if fact not in KEPT_BY_ASSESSMENT or assessment_of(case) is None:
        return None
    return hooks.Keeper(
        _("The AI Act's questions are answered, so this follows from the answers."),
        reverse("ethics:aiact_page", args=[case.pk]),
        _("See the assessment and its duties"),
    )


# Rounds ------------------------------------------------------------------------------------------


@hooks.on(hooks.keepers)
def recommendation_is_kept(case: Any, fact: str) -> hooks.Keeper | None:
    """A case with a review is recommended by the committee there, never by hand."""
    review = ReviewRound.objects.filter(case=case).first() if fact == "ethics" else None
    if review is None:
        return None
    return hooks.Keeper(
        _("The proposal is reviewed, so the recommendation is made in the review."),
        review.get_absolute_url(),
        _("See the review"),
    )


@hooks.on(hooks.moved)
def review_follows_case(case: Any, move: str, by: Any) -> None:
    rounds.after_case_move(case, move, by)


@hooks.on(hooks.revised)
def review_follows_text(case: Any, changed: list[str], by: Any) -> None:
    rounds.after_revision(case, changed, by)


@hooks.on(hooks.gates)
def approval_needs_review(case: Any, move: str) -> Verdict:
    return gates.approval(case) if move in gates.APPROVALS else YES


@hooks.on(law_changed)
def review_because_of_the_law(case: Any, changes: list[dict[str, Any]], by: Any) -> None:
    """A new version of the AI Act's rules gives another outcome, duty or date."""
    rounds.review_because(case, "law_change")


@hooks.on(condition_overdue)
def review_because_of_a_condition(condition: Any) -> None:
    """A condition has been overdue for more than 30 days."""
    rounds.review_because(condition.case, "incident")
