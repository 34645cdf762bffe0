"""What ethics promises: answers at once, and a changed law run through everything in a minute."""

import time
from typing import Any

from committee.models import Committee, Municipality
from core.bench import Outcome, benchmark, percentile
from ethics.ai_act import classify, current_rules
from ethics.ai_act.rules import Rules
from ethics.enums.aiact import AssessmentState
from ethics.models import AiActAssessment
from ethics.services import aiact_replay
from usecases.enums import Status
from usecases.models import UseCase

# Everything that opens the most questions.
WIDE: dict[str, Any] = {
    **dict.fromkeys(("P-A1", "P-B1", "P-C1", "P-D1", "P-F1", "P-G1", "P-H1"), "unknown"),
    **dict.fromkeys(("III-1a", "III-4a", "III-5a", "III-8b", "T-01", "T-02", "T-05"), "yes"),
    "I-01": "A",
    "I-02": "yes",
    "I-03": "yes",
    "RO-01": ["uses", "develops"],
}


@benchmark("ethics_classify", target="one classification under 20 ms (p95)")
def ethics_classify(rounds: int = 500) -> Outcome:
    """Classify answers that open as many questions as answers can"""
    rules, times = current_rules(), []
    for _round in range(rounds):
        began = time.perf_counter()
        classify(WIDE, rules)
        times.append((time.perf_counter() - began) * 1000)
    figures = {
        "p50_ms": round(percentile(times, 0.5), 2),
        "p95_ms": round(percentile(times, 0.95), 2),
        "max_ms": round(max(times), 2),
    }
    return Outcome(figures, figures["p95_ms"] < 20)


@benchmark("ethics_replay", target="10,000 stored assessments under 60 s, with progress")
def ethics_replay(assessments: int = 10_000) -> Outcome:
    """Run stored answers again under other rules and list what changes, as the worker does"""
    committee = _stored(assessments, current_rules())
    replay = aiact_replay.begin_replay(
        committee=committee, ruleset=current_rules().reference, by=None
    )
    steps: list[int] = []

    def report(step: str, share: int, /) -> None:
        steps.append(share)

    began = time.perf_counter()
    aiact_replay.check_replay(replay, report)
    seconds = time.perf_counter() - began
    figures = {
        "assessments": replay.looked_at,
        "changed": replay.rows.count(),
        "seconds": round(seconds, 1),
        "reports_of_progress": len(steps),
    }
    return Outcome(figures, seconds < 60 and replay.looked_at == assessments)


def _stored(number: int, rules: Rules) -> Committee:
    """Every tenth was stored with another date than the rules give now."""
    municipality = Municipality.objects.create(name="Gentofte Kommune")
    committee = Committee.objects.create(
        municipality=municipality, slug="bench", name="Bench", full_name="Bench"
    )
    cases = [
        UseCase(committee=committee, title=f"Sag {n}", status=Status.SUBMITTED, **_sent(n))
        for n in range(number)
    ]
    UseCase.objects.bulk_create(cases, 1000)
    reason = "Fordi det er undersøgt hos leverandøren. " * 3
    answers = {name: {"value": value, "reason": reason} for name, value in WIDE.items()}
    result = classify(answers, rules).stored()
    older = result | {"obligations": result["obligations"] | {"OB-04": ["2024-02-02", "", "pilot"]}}
    AiActAssessment.objects.bulk_create(
        (
            AiActAssessment(
                case=case,
                number=1,
                state=AssessmentState.CONCLUDED,
                ruleset=rules.reference,
                answers=answers,
                result=older if n % 10 == 0 else result,
                concluded_at=case.created_at,
            )
            for n, case in enumerate(cases)
        ),
        1000,
    )
    return committee


def _sent(number: int) -> dict[str, object]:
    from django.utils import timezone

    return {"reference": f"AI-2026-{number:05d}", "submitted_at": timezone.now()}
