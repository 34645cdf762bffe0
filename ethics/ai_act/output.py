"""A result as plain data with its words, for files and for people who check it."""

from typing import Any

from ethics.ai_act.engine import Duty, Finding, Result
from ethics.ai_act.rules import Outcome, Rules


def as_data(result: Result) -> dict[str, Any]:
    """Everything: outcomes, tier, duties, what must be reviewed, findings with their articles."""
    rules = result.rules
    return {
        "ruleset": rules.reference,
        "edition": rules.edition,
        "disclaimer": rules.disclaimer.both(),
        "outcomes": [one.id for one in result.outcomes],
        "tier": result.tier,
        "obligations": [_duty(rules, one) for one in result.obligations],
        "review": list(result.review),
        "disposition": result.disposition,
        "findings": [_finding(rules, one) for one in result.findings],
        "outcome_details": [_outcome(rules, one) for one in result.outcomes],
        "labels": sorted(result.labels),
        "assumed": list(result.assumed),
        "unanswered": list(result.unanswered),
        "ignored": list(result.ignored),
    }


def _outcome(rules: Rules, outcome: Outcome) -> dict[str, Any]:
    day = rules.day(outcome.applies_from)
    return {
        "id": outcome.id,
        "tier": outcome.tier,
        "rank": outcome.rank,
        "article": outcome.article.en,
        "applies_from": day.isoformat() if day else None,
        "gate": outcome.gate,
        "stacks": outcome.stacks,
        "text": outcome.text.both(),
    }


def _duty(rules: Rules, duty: Duty) -> dict[str, Any]:
    one = duty.obligation
    return {
        "id": one.id,
        "actor": one.actor,
        "article": one.article.en,
        "applies_from": duty.applies_from.isoformat(),
        "other_reading": duty.other_reading.isoformat() if duty.other_reading else None,
        "gate": one.gate,
        "evidence": one.evidence.both(),
        "publish": one.publish,
        "confidence": one.confidence,
        "text": one.text.both(),
    }


def _finding(rules: Rules, finding: Finding) -> dict[str, Any]:
    question = rules.by_id[finding.question]
    answer: str | list[str] = list(finding.answer) if question.is_multi else finding.answer[0]
    return {
        "question": finding.question,
        "block": finding.block,
        "answer": answer,
        "reason": finding.reason,
        "evidence": finding.evidence,
        "article": question.article.en,
        "ruleset": rules.reference,
        "labels": list(finding.labels),
        "outcome": finding.outcome or None,
        "assumed": finding.assumed,
        "text": question.text.both(),
    }
