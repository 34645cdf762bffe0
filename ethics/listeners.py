"""What ethics does when a case moves or changes; see `usecases.hooks`."""

from typing import Any

from core.verdicts import YES, Verdict
from ethics.policies import gates
from ethics.services import rounds
from usecases import hooks

# Rounds ------------------------------------------------------------------------------------------


@hooks.on(hooks.moved)
def review_follows_case(case: Any, move: str, by: Any) -> None:
    rounds.after_case_move(case, move, by)


@hooks.on(hooks.revised)
def review_follows_text(case: Any, changed: list[str], by: Any) -> None:
    rounds.after_revision(case, changed, by)


@hooks.on(hooks.gates)
def approval_needs_review(case: Any, move: str) -> Verdict:
    return gates.approval(case) if move in gates.APPROVALS else YES
