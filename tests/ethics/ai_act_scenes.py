"""A case whose questions about the AI Act are answered, and rules whose law has changed."""

from pathlib import Path
from typing import Any

from demo.ai_act import complete
from ethics.ai_act import AI_ACT, add_rules, current_rules
from ethics.models import AiActAssessment
from ethics.selectors.aiact import draft_of, progress_of, unknowns
from ethics.services.aiact import conclude, save_answers
from tests.usecases.scenes import Scene, a_scene, submit

__all__ = ["complete"]

CHATBOT = {"T-01": "yes", "T-01x": "no"}
BENEFITS = {
    "III-5a": "yes", "D-01": "yes", "DD-01": "yes", "DD-02": "no", "DD-03": "yes",
    "DD-04": "yes", "DD-05": "yes", "DD-06": "yes",
}  # fmt: skip


def a_case() -> Scene:
    """A submitted case."""
    scene = a_scene()
    submit(scene)
    return scene


def answer(scene: Scene, answers: dict[str, Any], **more: Any) -> AiActAssessment:
    """Every question answered, in the draft."""
    draft = draft_of(scene.fresh())
    return save_answers(
        case=scene.fresh(),
        answers=complete(answers, **more),
        version=draft.version if draft else 0,
        by=scene.secretary,
    )


def assessed(scene: Scene, answers: dict[str, Any]) -> AiActAssessment:
    """Answered and concluded."""
    draft = answer(scene, answers)
    doubtful = unknowns(progress_of(current_rules(), draft.answers))
    return conclude(
        case=scene.fresh(),
        people=dict.fromkeys(doubtful, scene.owner),
        version=draft.version,
        by=scene.secretary,
    )


def other_rules(folder: Path, version: int, *changes: tuple[str, str]) -> str:
    """A version of the rules that differs from the law in force by `changes`."""
    text = (AI_ACT.directory() / "ai_act@1.yaml").read_text(encoding="utf-8")
    for old, new in changes:
        assert text.count(old) == 1
        text = text.replace(old, new)
    path = folder / f"ai_act@{version}.yaml"
    path.write_text(text, encoding="utf-8")
    add_rules(path)
    return path.stem
