"""The ethics questionnaire: versioned content, and the engine that says what answers come to."""

from core.content import ContentKind
from ethics.questionnaire.engine import (
    NO_ANSWER,
    Answer,
    Answers,
    Assessment,
    Axis,
    Comparison,
    Raised,
    assess,
    checked,
    compare,
    is_answered,
    keys_of,
    needs_reason,
    raised_by,
    visible,
    words_of,
)
from ethics.questionnaire.loading import parse_questionnaire
from ethics.questionnaire.model import Named, Question, Questionnaire, Severity, Words

KEY = "etik"
QUESTIONNAIRES: ContentKind[Questionnaire] = ContentKind(
    app="ethics", folder="questionnaire", parse=parse_questionnaire
)


def current() -> Questionnaire:
    """The version that is answered now."""
    return QUESTIONNAIRES.newest()[KEY]


def by_ref(reference: str) -> Questionnaire:
    """A version, by the name that rows keep: `etik@1`. Raises `KeyError` when there is none."""
    return QUESTIONNAIRES.by_reference(reference)


__all__ = [
    "NO_ANSWER",
    "QUESTIONNAIRES",
    "Answer",
    "Answers",
    "Assessment",
    "Axis",
    "Comparison",
    "Named",
    "Question",
    "Questionnaire",
    "Raised",
    "Severity",
    "Words",
    "assess",
    "by_ref",
    "checked",
    "compare",
    "current",
    "is_answered",
    "keys_of",
    "needs_reason",
    "raised_by",
    "visible",
    "words_of",
]
