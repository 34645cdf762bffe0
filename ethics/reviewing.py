"""What the answers of a round say together: flags, disagreements, and the fast track.

Reads the frozen answers of the case and the sheets of the turn; writes nothing.
"""

from dataclasses import dataclass, field
from typing import Any

from ethics import questionnaire as engine
from ethics.models import FlagAnswer, ReviewRound, ReviewSheet, SpreadNote
from ethics.models.questions import answers_of
from usecases.enums import RiskTier
from usecases.models import Revision
from usecases.record import record

SPREAD = 2
UNKNOWN = "unknown"
LOOKED_AT = ("blocker", "major", "minor")
FAST_TIERS = frozenset({RiskTier.MINIMAL, RiskTier.TRANSPARENCY})
FAST_ANSWERS = {"C1": {"none", "ordinary"}, "B1": {"none", "support"}}
# Of the questionnaire: the decision role, personal data, and who watches over it.
MATERIAL = ("B1", "C1", "F1")
HIGH = frozenset({RiskTier.HIGH_ANNEX_III, RiskTier.HIGH_ANNEX_I})


@dataclass
class Flag:
    """A flag, raised by one or by many."""

    question: Any
    severity: str
    texts: list[Any] = field(default_factory=list)
    by_case: bool = False
    reviewers: int = 0
    answer: FlagAnswer | None = None

    @property
    def is_answered(self) -> bool:
        """Major: a mitigation or a condition. Minor: a comment. Blocker: its cause is gone."""
        if self.answer is None:
            return False
        if self.severity == "blocker":
            return self.answer.cause_removed
        said = bool(self.answer.text.strip())
        return said or (self.severity == "major" and self.answer.condition is not None)


@dataclass
class Disagreement:
    """A question on which the sheets are far apart, or on which somebody sees a blocker."""

    question: Any
    values: list[int]
    is_blocker: bool
    note: SpreadNote | None = None

    @property
    def spread(self) -> int:
        return max(self.values) - min(self.values) if self.values else 0


def value_of(answers: dict[str, Any], key: str) -> Any:
    """What is answered to one question; None when nothing is."""
    found = answers.get(key)
    return found.get("value") if isinstance(found, dict) else found


def whole(review: ReviewRound, sheet: ReviewSheet) -> dict[str, Any]:
    """A sheet's answers; texts that a reviewer leaves empty are those of the case."""
    known = engine.by_ref(review.questionnaire_ref)
    given = {
        key: one for key, one in sheet.answers.items() if engine.is_answered(known.by_id[key], one)
    }
    texts = {
        one.id: review.answers[one.id]
        for one in known.questions
        if one.type == "text" and one.id in review.answers
    }
    return {**texts, **given}


def lacking(review: ReviewRound, sheet: ReviewSheet) -> list[Any]:
    """The questions that are asked of the reviewer and have no answer; texts may be left empty."""
    known = engine.by_ref(sheet.questionnaire_ref)
    unanswered = engine.assess(known, whole(review, sheet)).unanswered
    return [one for one in unanswered if one.type != "text"]


def flags_of(review: ReviewRound) -> list[Flag]:
    """Every flag that the case or a revealed sheet raises, with what was done about it."""
    known = engine.by_ref(review.questionnaire_ref)
    sources = [(True, review.answers)]
    sources += [(False, whole(review, sheet)) for sheet in review.open_sheets]
    found: dict[tuple[str, str], Flag] = {}
    for by_case, answers in sources:
        _collect(found, known, answers, by_case)
    answered = FlagAnswer.objects.filter(round=review, turn=review.turn).select_related("by")
    for row in answered:
        if flag := found.get((row.question, row.severity)):
            flag.answer = row
    order = {key: place for place, key in enumerate(known.by_id)}
    return sorted(
        found.values(), key=lambda one: (LOOKED_AT.index(one.severity), order[one.question.id])
    )


def _collect(found: dict[Any, Flag], known: Any, answers: dict[str, Any], by_case: bool) -> None:
    for raised in engine.assess(known, answers).flags:
        if raised.severity not in LOOKED_AT:
            continue
        key = (raised.question_id, raised.severity)
        flag = found.setdefault(key, Flag(known.by_id[raised.question_id], raised.severity))
        if raised.text not in flag.texts:
            flag.texts.append(raised.text)
        flag.by_case = flag.by_case or by_case
        flag.reviewers += not by_case


def open_blockers(review: ReviewRound) -> list[Flag]:
    """Blockers whose cause has not been removed."""
    return [one for one in flags_of(review) if one.severity == "blocker" and not one.is_answered]


def unanswered_flags(review: ReviewRound) -> list[Flag]:
    """Major and minor flags that nobody has answered. A blocker stops the recommendation."""
    return [one for one in flags_of(review) if one.severity != "blocker" and not one.is_answered]


def disagreements(review: ReviewRound) -> list[Disagreement]:
    """The discussion list: a spread of two or more on a scale, and every blocker."""
    known = engine.by_ref(review.questionnaire_ref)
    blocked = {
        raised.question_id
        for answers in (review.answers, *(whole(review, one) for one in review.open_sheets))
        for raised in engine.assess(known, answers).flags
        if raised.severity == "blocker"
    }
    steps = _steps(review, known)
    notes = {
        row.question: row
        for row in SpreadNote.objects.filter(round=review, turn=review.turn).select_related("by")
    }
    found = []
    for key, question in known.by_id.items():
        row = Disagreement(question, steps.get(key, []), key in blocked, notes.get(key))
        if row.is_blocker or row.spread >= SPREAD:
            found.append(row)
    return found


def _steps(review: ReviewRound, known: Any) -> dict[str, list[int]]:
    """Scale question → the steps of those who were shown it."""
    found: dict[str, list[int]] = {}
    for sheet in review.open_sheets:
        answers = whole(review, sheet)
        for question in engine.visible(known, answers):
            value = step_of(known, question, value_of(answers, question.id))
            if value is not None:
                found.setdefault(question.id, []).append(value)
    return found


def step_of(known: Any, question: Any, value: Any) -> int | None:
    """The step an answer counts as; None for what is no answer on a scale."""
    if question.type != "scale_0_4" or value in (None, ""):
        return None
    if value == UNKNOWN:
        return int(known.scales[question.scale].unknown)
    return int(value)


def material_changes(review: ReviewRound) -> list[str]:
    """What of the material list is another than when the sheets were handed out."""
    found = []
    if review.revision != review.case.revision:
        was, now = _text(review, review.revision), _text(review, review.case.revision)
        found = [
            one.key
            for one in record().fields
            if one.material and was.get(one.key) != now.get(one.key)
        ]
    if review.answers:
        now = answers_of(review.case)
        found += [key for key in MATERIAL if value_of(review.answers, key) != value_of(now, key)]
    return found


def _text(review: ReviewRound, number: int) -> dict[str, Any]:
    row = Revision.objects.filter(case=review.case_id, number=number).first()
    fields: dict[str, Any] = row.content["fields"] if row else {}
    return fields


def wanted_extras(review: ReviewRound, answers: dict[str, Any]) -> bool:
    """Must the data protection officer or a lawyer be among the reviewers?"""
    special = value_of(answers, "C1") == "special"
    automatic = value_of(answers, "B1") == "automatic"
    return special or automatic or review.case.risk_tier in HIGH


def fast_track_holds(review: ReviewRound, answers: dict[str, Any]) -> bool:
    """The questionnaire's rule: nothing heavy, no heavy tier, ordinary data, a person decides."""
    known = engine.by_ref(review.questionnaire_ref)
    asked = {one.id for one in engine.visible(known, answers)}
    if any(key in asked and value_of(answers, key) not in ok for key, ok in FAST_ANSWERS.items()):
        return False
    assessment = engine.assess(known, answers)
    heavy = any(raised.severity in ("blocker", "major") for raised in assessment.flags)
    return not heavy and not assessment.unanswered and review.case.risk_tier in FAST_TIERS


def content_of(review: ReviewRound) -> dict[str, Any]:
    """What the committee decides on: text, answers, sheets by their hashes, flags, notes."""
    flags = review.flag_answers.filter(turn=review.turn).order_by("question", "severity")
    notes = review.spread_notes.filter(turn=review.turn).order_by("question")
    revision = review.case.revisions.get(number=review.revision)
    return {
        "case": review.case_id,
        "revision": [review.revision, revision.sha256],
        "questionnaire": review.questionnaire_ref,
        "answers": review.answers,
        "tier": [review.case.risk_tier, review.case.ruleset],
        "sheets": [sheet.sha256 for sheet in review.open_sheets],
        "flags": list(flags.values_list("question", "severity", "text", "condition")),
        "notes": list(notes.values_list("question", "note")),
        "assessment": review.assessment,
    }
