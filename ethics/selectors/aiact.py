"""What is read of a case's assessment under the AI Act, and of its duties."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from ethics.ai_act import Result, Rules, classify, current_rules, rules_of
from ethics.ai_act.engine import Finding
from ethics.ai_act.rules import UNKNOWN, Outcome, Text
from ethics.enums.aiact import AssessmentState, DutyState, EvidenceKind
from ethics.models import AiActAssessment, ObligationEvidence
from usecases.enums import RiskTier
from usecases.models import UseCase

# What must be in place before a gate: also everything that stands before an earlier one.
BEFORE = {
    "pilot": frozenset({"screening", "pilot"}),
    "operation": frozenset({"screening", "pilot", "operation"}),
}
# Gates of outcomes that ask for evidence like a duty does, and those that nothing opens.
CONFIRMED_BY_LAWYER = {"legal_confirmation", "legal_review"}
CLOSED = {"block", "reclassify_before_pilot"}
# Answers that carry weight: with one of them, a reason is asked for.
WEIGHTY = {"trigger", "element", "exception"}


def assessment_of(case: UseCase) -> AiActAssessment | None:
    """The concluded assessment that holds now."""
    return case.ai_act_assessments.filter(state=AssessmentState.CONCLUDED).first()


def draft_of(case: UseCase) -> AiActAssessment | None:
    return case.ai_act_assessments.filter(state=AssessmentState.DRAFT).first()


def both_of(case: UseCase) -> tuple[AiActAssessment | None, AiActAssessment | None]:
    """The concluded one and the draft, in one question to the database."""
    rows = case.ai_act_assessments.filter(
        state__in=[AssessmentState.CONCLUDED, AssessmentState.DRAFT]
    ).select_related("concluded_by", "updated_by")
    found = {row.state: row for row in rows}
    return found.get(AssessmentState.CONCLUDED), found.get(AssessmentState.DRAFT)


def binding_of(
    concluded: AiActAssessment | None, draft: AiActAssessment | None
) -> AiActAssessment | None:
    """The one whose duties hold: when the law re-opened a case, what the new rules found."""
    if concluded is not None:
        return concluded
    return draft if draft is not None and draft.result else None


def rules_for(draft: AiActAssessment | None) -> Rules:
    """The rules that a draft is answered under: those in force, or newer ones of a replay."""
    current = current_rules()
    if draft is None or not draft.ruleset:
        return current
    newer = int(draft.ruleset.rpartition("@")[2]) > current.version
    return rules_of(draft.ruleset) if newer else current


def result_of(assessment: AiActAssessment) -> Result:
    """Its answers run again under its own rules."""
    return classify(assessment.answers, rules_of(assessment.ruleset))


def risk_tier(stored: dict[str, Any]) -> RiskTier:
    """The tier as the case's own row keeps it."""
    if stored["tier"] == "high_risk":
        third = "HIGH_RISK_ANNEX_III" in stored["outcomes"]
        return RiskTier.HIGH_ANNEX_III if third else RiskTier.HIGH_ANNEX_I
    return {
        "prohibited": RiskTier.PROHIBITED,
        "unresolved": RiskTier.UNRESOLVED,
        "derogated": RiskTier.DEROGATED,
        "transparency": RiskTier.TRANSPARENCY,
        "gpai": RiskTier.GPAI,
        "minimal": RiskTier.MINIMAL,
        "outside": RiskTier.OUT_OF_SCOPE,
    }[stored["tier"]]


def progress_of(rules: Rules, answers: dict[str, Any]) -> Result:
    """How far the answers are: a trigger that is not answered yet raises no follow-ups."""
    known = {name: answer for name, answer in answers.items() if name in rules.by_id}
    return classify(known, rules, assume=True)


def left_in(progress: Result) -> list[str]:
    """The questions that nobody has answered, in their order."""
    left = {*progress.assumed, *progress.unanswered}
    return [name for name in progress.asked if name in left]


# What still lacks ---------------------------------------------------------------------------


def needs_reason(rules: Rules, finding: Finding) -> bool:
    """A preset that was left as it is needs none; nor does a plain fact."""
    if UNKNOWN in finding.answer:
        return True
    preset = rules.presets.get(finding.question)
    if preset is not None and list(finding.answer) == ([preset] if preset != [] else []):
        return False
    return rules.by_id[finding.question].kind in WEIGHTY


def without_reason(result: Result) -> list[str]:
    """Questions whose answer decides something and says not why."""
    return [
        one.question
        for one in result.findings
        if not one.reason.strip() and needs_reason(result.rules, one)
    ]


def unknowns(result: Result) -> list[str]:
    """Questions that were answered with “do not know”."""
    return [
        one.question
        for one in result.findings
        if UNKNOWN in one.answer and one.question not in result.unanswered
    ]


# Duties -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DutyRow:
    """A duty of a case, and how it stands."""

    code: str
    article: Text
    text: Text
    actor: str
    gate: str
    hint: Text
    applies_from: date | None
    other_reading: date | None
    evidence: ObligationEvidence | None
    state: DutyState
    publish: bool

    @property
    def is_in_place(self) -> bool:
        return self.state in (DutyState.VERIFIED, DutyState.NOT_YET)

    @property
    def look(self) -> str:
        looks = {
            DutyState.VERIFIED: "yes",
            DutyState.NOT_YET: "hold",
            DutyState.GIVEN: "half",
            DutyState.BLOCKED: "no",
        }
        return looks.get(self.state, "miss")


CONFIRM = Text("A lawyer has confirmed it in writing", "En jurist har bekræftet det skriftligt")


def duties_of(
    case: UseCase, assessment: AiActAssessment | None, today: date | None = None
) -> list[DutyRow]:
    """Every duty that the assessment gives, in the order of the rules, with its evidence."""
    if assessment is None:
        return []
    current = case.ai_act_evidence.filter(replaced_at__isnull=True)
    rows = {row.code: row for row in current.select_related("by", "verified_by")}
    return duty_rows(assessment, rows, today)


def duty_rows(
    assessment: AiActAssessment, rows: dict[str, ObligationEvidence], today: date | None = None
) -> list[DutyRow]:
    """The same, with the evidence of the case by duty."""
    rules = rules_of(assessment.result["ruleset"])
    today = today or timezone.localdate()
    found = [
        _outcome_row(rules, rules.outcome(name), rows.get(name))
        for name in assessment.result["outcomes"]
        if rules.outcome(name).gate in CONFIRMED_BY_LAWYER | CLOSED
    ]
    for code, (day, other, gate) in assessment.result["obligations"].items():
        known = rules.obligation(code)
        if known is None:
            continue
        applies, evidence = date.fromisoformat(day), rows.get(code)
        found.append(
            DutyRow(
                code=code,
                article=known.article,
                text=known.text,
                actor=str(rules.actors[known.actor].text),
                gate=gate,
                hint=known.evidence,
                applies_from=applies,
                other_reading=date.fromisoformat(other) if other else None,
                evidence=evidence,
                state=state_of(evidence, applies, today),
                publish=known.publish,
            )
        )
    return found


def _outcome_row(rules: Rules, outcome: Outcome, evidence: ObligationEvidence | None) -> DutyRow:
    closed = outcome.gate in CLOSED
    return DutyRow(
        code=outcome.id,
        article=outcome.article,
        text=outcome.text,
        actor=str(rules.actors["all"].text),
        gate="pilot",
        hint=Text("", "") if closed else CONFIRM,
        applies_from=rules.day(outcome.applies_from),
        other_reading=None,
        evidence=None if closed else evidence,
        state=DutyState.BLOCKED if closed else state_of(evidence, None, timezone.localdate()),
        publish=False,
    )


def state_of(
    evidence: ObligationEvidence | None, applies_from: date | None, today: date
) -> DutyState:
    """A note that it does not apply yet holds until the day on which it does."""
    if evidence is None:
        return DutyState.MISSING
    if evidence.kind == EvidenceKind.NOT_YET:
        if applies_from is None or applies_from <= today:
            return DutyState.MISSING
        return DutyState.NOT_YET if evidence.verified_at else DutyState.GIVEN
    return DutyState.VERIFIED if evidence.verified_at else DutyState.GIVEN


def gate_is_met(rows: Iterable[DutyRow], gate: str) -> bool:
    """Is everything in place that must be before `gate`?"""
    return all(row.is_in_place for row in rows if row.gate in BEFORE[gate])


def open_duties(case_ids: list[int], today: date | None = None) -> dict[int, list[DutyRow]]:
    """Case → the duties that are not in place; two questions, however many cases."""
    states = [AssessmentState.CONCLUDED, AssessmentState.DRAFT]
    both: dict[int, dict[str, AiActAssessment]] = {}
    for one in AiActAssessment.objects.filter(case__in=case_ids, state__in=states):
        both.setdefault(one.case_id, {})[one.state] = one
    given: dict[int, dict[str, ObligationEvidence]] = {}
    rows = ObligationEvidence.objects.filter(case__in=case_ids, replaced_at__isnull=True)
    for row in rows:
        given.setdefault(row.case_id, {})[row.code] = row
    found = {}
    for case_id, held in both.items():
        binding = binding_of(*(held.get(state) for state in states))
        if binding is not None:
            duties = duty_rows(binding, given.get(case_id, {}), today)
            found[case_id] = [one for one in duties if not one.is_in_place]
    return found


# Progress and changes ------------------------------------------------------------------------


@dataclass(frozen=True)
class BlockRow:
    """One block of questions and how far it is."""

    key: str
    slug: str
    text: Text
    asked: int
    answered: int
    unknown: int

    @property
    def is_done(self) -> bool:
        return self.answered == self.asked


def blocks_of(result: Result) -> list[BlockRow]:
    """The blocks in their order; only questions that are asked count."""
    rows = []
    missing, doubtful = set(left_in(result)), set(unknowns(result))
    for block in result.rules.blocks.values():
        asked = [name for name in result.asked if result.rules.by_id[name].block == block.key]
        rows.append(
            BlockRow(
                key=block.key,
                slug=block.slug,
                text=block.text,
                asked=len(asked),
                answered=len([name for name in asked if name not in missing]),
                unknown=len([name for name in asked if name in doubtful]),
            )
        )
    return rows


def differences(old: dict[str, Any], new: dict[str, Any]) -> list[dict[str, str]]:
    """What is another outcome, duty, day or gate, as a list of what, code, old and new."""
    rows = [("tier", "", old["tier"], new["tier"])]
    for name in dict.fromkeys([*old["outcomes"], *new["outcomes"]]):
        rows.append(("outcome", name, _held(name, old), _held(name, new)))
        if name in old["outcomes"] and name in new["outcomes"]:
            days = [one.get("dates", {}).get(name, "") for one in (old, new)]
            rows.append(("outcome_date", name, *days))
    for code in dict.fromkeys([*old["obligations"], *new["obligations"]]):
        rows += _duty_rows(code, old["obligations"].get(code), new["obligations"].get(code))
    return [
        {"what": what, "code": code, "old": before, "new": after}
        for what, code, before, after in rows
        if before != after
    ]


def _duty_rows(code: str, old: list[str] | None, new: list[str] | None) -> list[Any]:
    """A duty that is new or gone is told with its day."""
    if old is None or new is None:
        return [("duty", code, old[0] if old else "", new[0] if new else "")]
    parts = zip(("date", "reading", "gate"), old, new, strict=True)
    return [(what, code, before, after) for what, before, after in parts]


def _held(name: str, stored: dict[str, Any]) -> str:
    return "yes" if name in stored["outcomes"] else ""
