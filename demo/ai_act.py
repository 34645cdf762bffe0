"""The demo's assessments under the AI Act, and the invented change of the law that it replays."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

from committee.models import User
from ethics.ai_act import AI_ACT, add_rules, current_rules
from ethics.models import AiActAssessment
from ethics.selectors.aiact import left_in, progress_of, unknowns
from ethics.services.aiact import conclude, save_answers
from usecases.models import UseCase

REASON = "Vurderet ud fra forslaget."
# The demo's law postpones the duties of high-risk uses once more. It is invented.
CHANGED = ("date: '2027-12-02'", "date: '2028-06-02'")


def complete(answers: Mapping[str, Any], reason: str = REASON) -> dict[str, Any]:
    """Every question that is asked: the answers given, the presets, and no to the rest."""
    rules = current_rules()
    found = {name: {"value": value} for name, value in answers.items()}
    while left := left_in(progress_of(rules, found)):
        found |= {name: {"value": rules.presets.get(name, "no")} for name in left}
    return {name: answer | {"reason": reason, "evidence": ""} for name, answer in found.items()}


def assess(case: UseCase, answers: Mapping[str, Any], *, by: User, asks: User) -> AiActAssessment:
    """Answered and concluded; `asks` finds out what is not known."""
    draft = save_answers(case=case, answers=complete(answers), version=0, by=by)
    doubtful = unknowns(progress_of(current_rules(), draft.answers))
    people = dict.fromkeys(doubtful, asks)
    return conclude(case=case, people=people, version=draft.version, by=by)


def changed_law() -> Path:
    """Where the invented version of the rules lies once the demo has been seeded."""
    return Path(settings.VAR_DIR) / "demo" / "ai_act@2.yaml"


def write_changed_law() -> None:
    """Make the invented version known, to this process and to those that start later."""
    path = changed_law()
    text = (AI_ACT.directory() / "ai_act@1.yaml").read_text(encoding="utf-8")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.replace(*CHANGED), encoding="utf-8")
    add_rules(path)


def know_changed_law() -> None:
    """At start-up: the rules that an earlier process wrote."""
    if changed_law().exists():
        add_rules(changed_law())
