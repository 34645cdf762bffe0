"""What answers come to. No database: answers are `{id: {"value", "reason", "evidence"}}`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core.text import clean_text
from core.verdicts import Refused
from ethics.questionnaire.model import (
    EMPTY,
    NOT_RELEVANT,
    SEVERITIES,
    UNKNOWN,
    Question,
    Questionnaire,
    Scale,
    Words,
)

Answer = dict[str, Any]
Answers = Mapping[str, Mapping[str, Any]]

LONGEST_TEXT = 10_000
LONGEST_REASON = 4_000
LONGEST_EVIDENCE = 2_000
NO_ANSWER: Answer = {"value": "", "reason": "", "evidence": ""}


@dataclass(frozen=True)
class Axis:
    """What one scale comes to: the answer that counts, and the questions that gave it."""

    score: int | None
    question_ids: tuple[str, ...]
    # Questions that were answered with "don't know".
    unknown: tuple[str, ...]
    # What each answered question counts as, for a plot.
    scores: dict[str, int]


@dataclass(frozen=True)
class Raised:
    """A flag that an answer raised."""

    question_id: str
    severity: str
    text: Words


@dataclass(frozen=True)
class Assessment:
    """The result: three axes side by side (never a sum), the flags, and what is not answered."""

    axes: dict[str, Axis]
    flags: tuple[Raised, ...]
    unanswered: tuple[Question, ...]

    @property
    def worst(self) -> str:
        """The severity of the heaviest flag, or nothing."""
        return self.flags[0].severity if self.flags else ""


@dataclass(frozen=True)
class Comparison:
    """How a newer version differs from an older one."""

    new: tuple[Question, ...]
    changed: tuple[tuple[Question, Question], ...]
    removed: tuple[Question, ...]
    unchanged: tuple[Question, ...]
    # Asked as before, but the same answer weighs differently, or is asked of others.
    reweighed: tuple[tuple[Question, Question], ...]

    @property
    def is_empty(self) -> bool:
        return not (self.new or self.changed or self.removed or self.reweighed)

    def carried(self, answers: Answers) -> dict[str, Answer]:
        """The answers that hold in the newer version, too: those to questions asked as before."""
        same = {question.id for question in self.unchanged}
        return {key: dict(answer) for key, answer in answers.items() if key in same}


# Reading answers ---------------------------------------------------------------------------


def is_answered(question: Question, answer: Mapping[str, Any] | None) -> bool:
    """Is something given? "Don't know" is."""
    return (answer or {}).get("value", "") not in ("", None, [], ())


def keys_of(question: Question, answer: Mapping[str, Any] | None) -> frozenset[str]:
    """The answer as the words that flags and conditions use; none when it is not given."""
    if not is_answered(question, answer):
        return frozenset()
    value = (answer or {})["value"]
    if question.type == "text":
        return frozenset({"filled"})
    return frozenset(map(str, value)) if isinstance(value, list) else frozenset({str(value)})


def words_of(question: Question, answer: Mapping[str, Any] | None) -> str:
    """An answer as people read it: "2, planned", "Yes", or the text itself."""
    if not is_answered(question, answer):
        return ""
    if question.type == "text":
        return str((answer or {})["value"])
    keys = keys_of(question, answer)
    words = [
        str(name) if not value.isdigit() else f"{value}, {str(name)[:1].lower()}{str(name)[1:]}"
        for value, name in question.choices
        if value in keys
    ]
    return ", ".join(words)


def visible(questionnaire: Questionnaire, answers: Answers) -> list[Question]:
    """The questions that are asked, in order, given the answers so far."""
    seen: dict[str, bool] = {}
    return [one for one in questionnaire.questions if _shown(questionnaire, one, answers, seen)]


def _shown(
    questionnaire: Questionnaire, question: Question, answers: Answers, seen: dict[str, bool]
) -> bool:
    """An answer to a question that is not asked is as good as none."""
    if question.id not in seen:
        seen[question.id] = all(
            condition.holds(_known_keys(questionnaire, condition.question, answers, seen))
            for condition in question.show_if
        )
    return seen[question.id]


def _known_keys(
    questionnaire: Questionnaire, other: str, answers: Answers, seen: dict[str, bool]
) -> frozenset[str]:
    target = questionnaire.by_id[other]
    shown = _shown(questionnaire, target, answers, seen)
    return keys_of(target, answers.get(other)) if shown else frozenset()


# Checking one answer -----------------------------------------------------------------------


def checked(question: Question, raw: Mapping[str, Any]) -> Answer:
    """The answer as it is kept; nothing given is `NO_ANSWER`.

    Raises `Refused` with the field: the question's id, or that and `_reason` or `_evidence`.
    """
    answer = {
        "value": _value(question, raw.get("value", "")),
        "reason": _text(raw, "reason", question, LONGEST_REASON),
        "evidence": _text(raw, "evidence", question, LONGEST_EVIDENCE),
    }
    if needs_reason(question, answer) and not answer["reason"]:
        raise Refused(_("Write your reason for this answer."), f"{question.id}_reason")
    return answer


def needs_reason(question: Question, answer: Mapping[str, Any]) -> bool:
    """A step of a scale, and "not relevant". "Don't know" is always allowed."""
    value = answer.get("value", "")
    return value == NOT_RELEVANT or (question.type == "scale_0_4" and isinstance(value, int))


def _value(question: Question, raw: Any) -> Any:
    if raw is None or raw in ("", []):
        return ""
    if question.type == "text":
        return _clipped(clean_text(str(raw)), question.id, LONGEST_TEXT)
    if question.type == "multi":
        return _several(question, raw)
    # True and 1 are the same to Python, and not to whoever answers.
    key = "" if isinstance(raw, (bool, list, tuple)) else str(raw)
    if key not in dict(question.choices):
        raise Refused(_("Choose one of the answers."), question.id)
    return int(key) if question.type == "scale_0_4" and key != UNKNOWN else key


def _several(question: Question, raw: Any) -> list[str]:
    given = [str(one) for one in (raw if isinstance(raw, (list, tuple)) else [raw])]
    if set(given) - dict(question.choices).keys():
        raise Refused(_("Choose one of the answers."), question.id)
    if UNKNOWN in given and len(given) > 1:
        raise Refused(_("“Don't know” cannot stand beside another answer."), question.id)
    return [key for key, _name in question.choices if key in given]


def _text(raw: Mapping[str, Any], key: str, question: Question, longest: int) -> str:
    return _clipped(clean_text(str(raw.get(key) or "")), f"{question.id}_{key}", longest)


def _clipped(text: str, field: str, longest: int) -> str:
    if len(text) > longest:
        raise Refused(_("Write at most %(n)s characters.") % {"n": longest}, field)
    return text


# The result --------------------------------------------------------------------------------


def assess(questionnaire: Questionnaire, answers: Answers) -> Assessment:
    """Axes, flags and gaps of the questions that are asked; answers to others do not count."""
    asked = visible(questionnaire, answers)
    flags = [raised for one in asked if (raised := raised_by(one, answers.get(one.id)))]
    return Assessment(
        axes={
            key: _axis(scale, [one for one in asked if one.scale == key], answers)
            for key, scale in questionnaire.scales.items()
        },
        flags=tuple(sorted(flags, key=lambda flag: -SEVERITIES.index(flag.severity))),
        unanswered=tuple(one for one in asked if not is_answered(one, answers.get(one.id))),
    )


def raised_by(question: Question, answer: Mapping[str, Any] | None) -> Raised | None:
    """The flag of this answer. A text that is not written raises the one for an empty text."""
    keys = keys_of(question, answer) or frozenset({EMPTY})
    flag = question.flag_for(keys)
    return Raised(question.id, flag.severity, flag.text) if flag else None


def _axis(scale: Scale, asked: list[Question], answers: Answers) -> Axis:
    scores: dict[str, int] = {}
    unknown = []
    for question in asked:
        value = (answers.get(question.id) or {}).get("value", "")
        if value == UNKNOWN:
            unknown.append(question.id)
            scores[question.id] = scale.unknown
        elif isinstance(value, int):
            scores[question.id] = value
    if not scores:
        return Axis(None, (), (), {})
    score = (max if scale.counts == "highest" else min)(scores.values())
    at = tuple(key for key, found in scores.items() if found == score)
    return Axis(score, at, tuple(unknown), scores)


# A newer version -----------------------------------------------------------------------------


def compare(old: Questionnaire, new: Questionnaire) -> Comparison:
    """What `new` asks that `old` did not, asks differently, or asks no more."""
    both = [(old.by_id[one.id], one) for one in new.questions if one.id in old.by_id]
    changed = [(a, b) for a, b in both if _asked(a) != _asked(b)]
    same = [(a, b) for a, b in both if _asked(a) == _asked(b)]
    return Comparison(
        new=tuple(one for one in new.questions if one.id not in old.by_id),
        changed=tuple(changed),
        removed=tuple(one for one in old.questions if one.id not in new.by_id),
        unchanged=tuple(b for _a, b in same),
        reweighed=tuple((a, b) for a, b in same if _weighed(old, a) != _weighed(new, b)),
    )


def _asked(question: Question) -> tuple[Any, ...]:
    """What the one who answers sees: when this is another, it is another question."""
    return (
        *(question.text, question.help, question.type, question.scale),
        *(question.options, question.anchors),
    )


def _weighed(questionnaire: Questionnaire, question: Question) -> tuple[Any, ...]:
    """What the answer leads to, and who gives it when."""
    scale = questionnaire.scales.get(question.scale)
    return (
        *(question.flags, question.show_if, question.required_at, question.answered_by),
        *(question.publish, scale and (scale.counts, scale.unknown)),
    )
