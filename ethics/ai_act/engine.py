"""From answers to outcomes, tier and duties. Pure: no database, no people, no clock.

Every block is asked whatever was found before, so that all findings are recorded. “Unknown” is
never a no. What was not answered is unknown, too, unless the caller lets the profile's presets
stand for it (`assume=True`, for a short file): then a question that everybody is asked and that
is left out is answered by its preset or no, while a follow-up that is left out stays unknown.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ethics.ai_act.loading import current_rules
from ethics.ai_act.rules import (
    BY_TIER,
    END,
    REVIEW,
    UNKNOWN,
    Obligation,
    Outcome,
    Question,
    Rules,
)

Answers = Mapping[str, Any]
DETERMINED, REQUIRES_REVIEW = "determined", "requires_review"
OUTSIDE = "outside"


class BadAnswer(ValueError):
    """An answer that cannot be: which question it is about, and what is wrong with it."""

    def __init__(self, question: str, problem: str) -> None:
        super().__init__(f"{question}: {problem}")
        self.question, self.problem = question, problem


@dataclass(frozen=True)
class Finding:
    """One answer that something follows from."""

    question: str
    block: str
    answer: tuple[str, ...]
    reason: str
    evidence: str
    labels: tuple[str, ...]
    outcome: str
    assumed: bool


@dataclass(frozen=True)
class Duty:
    """A duty that holds, with its day; others read another day out of the same text."""

    obligation: Obligation
    applies_from: date
    other_reading: date | None


@dataclass(frozen=True)
class Result:
    """What the rules say of these answers."""

    rules: Rules
    outcomes: tuple[Outcome, ...]
    tier: str
    obligations: tuple[Duty, ...]
    review: tuple[str, ...]
    disposition: str
    findings: tuple[Finding, ...]
    labels: frozenset[str]
    asked: tuple[str, ...]
    assumed: tuple[str, ...]
    unanswered: tuple[str, ...]
    ignored: tuple[str, ...]

    @property
    def needs_review(self) -> bool:
        return self.disposition == REQUIRES_REVIEW

    def stored(self) -> dict[str, Any]:
        """What a row keeps, and a replay compares; texts stay in the rules' own file."""
        return {
            "ruleset": self.rules.reference,
            "outcomes": [one.id for one in self.outcomes],
            "tier": self.tier,
            "obligations": {
                one.obligation.id: [
                    one.applies_from.isoformat(),
                    one.other_reading.isoformat() if one.other_reading else "",
                    one.obligation.gate,
                ]
                for one in self.obligations
            },
            "dates": {
                one.id: day.isoformat()
                for one in self.outcomes
                if (day := self.rules.day(one.applies_from))
            },
            "review": list(self.review),
            "disposition": self.disposition,
        }


def classify(answers: Answers, rules: Rules | None = None, *, assume: bool = False) -> Result:
    """What the AI Act says of a use. Raises `BadAnswer` for what is no answer.

    `answers` maps question ids to a value, to a list of values, or to a mapping with `value`,
    `reason` and `evidence`. Answers to questions that are hidden are left out (`ignored`).
    """
    rules = rules or current_rules()
    given = {name: checked(rules, name, raw) for name, raw in answers.items()}
    walk = _walk(rules, given, answers, assume)
    labels, ended = set(walk.labels), walk.ended
    for derived in rules.derived:
        if not derived.when.holds(labels):
            continue
        tiers = {one.tier for one in _holding(rules, labels, ended)}
        if derived.requires_tier and not derived.requires_tier & tiers:
            continue
        if derived.requires_no_tier & tiers:
            continue
        labels.add(derived.label)
    outcomes = _holding(rules, labels, ended)
    tier = outcomes[0].tier
    review = tuple(sorted(label for label in labels if label.startswith(REVIEW)))
    return Result(
        rules=rules,
        outcomes=outcomes,
        tier=tier,
        obligations=tuple(_duties(rules, outcomes, tier, labels)),
        review=review,
        disposition=REQUIRES_REVIEW if review else DETERMINED,
        findings=tuple(walk.findings),
        labels=frozenset(labels),
        asked=tuple(walk.asked),
        assumed=tuple(walk.assumed),
        unanswered=tuple(walk.unanswered),
        ignored=tuple(name for name in answers if name not in walk.asked),
    )


# Answers ------------------------------------------------------------------------------------


def checked(rules: Rules, name: str, raw: Any) -> tuple[str, ...]:
    """The values of one answer; empty when it is left open. Raises `BadAnswer`."""
    question = rules.by_id.get(name)
    if question is None:
        raise BadAnswer(name, "there is no such question")
    value = raw.get("value") if isinstance(raw, Mapping) else raw
    if value is None or value in ("", []):
        return ()
    values = value if isinstance(value, list | tuple) else [value]
    if len(values) > 1 and not question.is_multi:
        raise BadAnswer(name, "takes one answer only")
    for one in values:
        if not isinstance(one, str) or one not in question.by_value:
            allowed = ", ".join(question.by_value)
            raise BadAnswer(name, f"“{_short(one)}” is not one of the answers: {allowed}")
    return tuple(dict.fromkeys(values))


def _short(value: Any) -> str:
    return str(value)[:60]


@dataclass
class _Walk:
    labels: set[str]
    findings: list[Finding]
    asked: dict[str, None]
    assumed: list[str]
    unanswered: list[str]
    ended: str = ""


def _walk(rules: Rules, given: dict[str, tuple[str, ...]], raw: Answers, assume: bool) -> _Walk:
    """Ask the questions in their order."""
    walk = _Walk(set(), [], {}, [], [])
    name = rules.questions[0].id
    while name != END:
        question = rules.by_id[name]
        if not question.is_shown(walk.labels):
            name = question.else_next
            continue
        walk.asked[name] = None
        values = given.get(name, ())
        assumed = not values
        if assumed:
            values = _instead(rules, question, walk, assume)
        chosen = [question.by_value[value] for value in values]
        sets = tuple(dict.fromkeys(label for option in chosen for label in option.sets))
        walk.labels.update(sets)
        outcome = next((option.outcome for option in chosen if option.outcome), "")
        name = chosen[0].next
        if name == END:
            walk.ended = outcome
        if sets or outcome or question.show_if is not None:
            said = raw.get(question.id)
            told = said if isinstance(said, Mapping) else {}
            walk.findings.append(
                Finding(
                    question=question.id,
                    block=question.block,
                    answer=values,
                    reason=str(told.get("reason") or ""),
                    evidence=str(told.get("evidence") or ""),
                    labels=sets,
                    outcome=outcome,
                    assumed=assumed,
                )
            )
    return walk


def _instead(rules: Rules, question: Question, walk: _Walk, assume: bool) -> tuple[str, ...]:
    """What stands for an answer that is not there."""
    if not assume or question.show_if is not None:
        walk.unanswered.append(question.id)
        return (UNKNOWN,)
    walk.assumed.append(question.id)
    preset = rules.presets.get(question.id, "no")
    return (preset,) if isinstance(preset, str) else tuple(preset)


# Outcomes and duties -------------------------------------------------------------------------


def _holding(rules: Rules, labels: set[str], ended: str) -> tuple[Outcome, ...]:
    """Every outcome that holds, the lowest rank first."""
    found = [
        one for one in rules.outcomes if not one.when.otherwise and one.when.holds(labels, ended)
    ]
    return tuple(found or (one for one in rules.outcomes if one.when.otherwise))


def _duties(
    rules: Rules, outcomes: tuple[Outcome, ...], tier: str, labels: set[str]
) -> Iterable[Duty]:
    # Outside the Act no duty of the Act holds, whatever else was answered.
    if tier == OUTSIDE:
        return
    for duty in rules.obligations:
        held = [one for one in outcomes if not duty.tiers or one.tier in duty.tiers]
        if not _applies(duty, held, labels):
            continue
        name = duty.later if duty.later_if & labels else duty.applies_from
        # Two outcomes of one tier: the earlier day binds.
        days = [rules.day(one.applies_from) for one in held] if name == BY_TIER else []
        day = min((one for one in days if one), default=None) or rules.day(
            "" if name == BY_TIER else name
        )
        yield Duty(duty, day or rules.as_of, rules.day(duty.other_reading))


def _applies(duty: Obligation, held: list[Outcome], labels: set[str]) -> bool:
    """`held` are the outcomes of the tier that the duty asks for: tiers stack."""
    if duty.always:
        return True
    if not held or (duty.annex and not any(_annex(one) == duty.annex for one in held)):
        return False
    return (not duty.role or duty.role in labels) and duty.when.holds(labels)


def _annex(outcome: Outcome) -> str:
    return outcome.id.rpartition("_")[2]
