"""Answering and concluding the assessment under the AI Act."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from committee.models import User
from core import audit
from core.canonical import canonical_json, sha256_hex
from core.text import clean_text
from core.verdicts import Refused, StaleState
from ethics.ai_act import CURRENT, BadAnswer, Result, Rules, checked, classify
from ethics.enums.aiact import AssessmentState
from ethics.models import AiActAssessment
from ethics.policies import aiact as policies
from ethics.selectors.aiact import (
    assessment_of,
    differences,
    draft_of,
    left_in,
    progress_of,
    risk_tier,
    rules_for,
    unknowns,
    without_reason,
)
from ethics.services.aiact_duties import refresh_gates
from usecases.enums import DECIDED
from usecases.models import UseCase
from usecases.services import facts
from usecases.services.texts import fresh

LONGEST_REASON = 4000
LONGEST_EVIDENCE = 500


@transaction.atomic
def save_answers(
    *, case: UseCase, answers: Mapping[str, Any], version: int, by: User
) -> AiActAssessment:
    """Keep some answers in the case's draft; the first makes it from what was concluded before.

    `answers` maps question ids to `{"value", "reason", "evidence"}`; `version` is that of the
    draft one has seen, 0 when there was none. Hidden answers are kept and do not count.
    """
    policies.can_answer(by, case).require()
    case = fresh(case)
    policies.can_answer(by, case).require()
    draft = draft_of(case)
    rules = rules_for(draft)
    taken = {name: _taken(rules, name, raw) for name, raw in answers.items()}
    if (draft.version if draft else 0) != version:
        raise StaleState(_("Somebody else saved answers meanwhile. Nothing was changed."))
    draft = draft or _new_draft(case)
    for name, answer in taken.items():
        kept = draft.answers.get(name, {})
        same = kept.get("value") == answer["value"] and kept.get("person")
        draft.answers[name] = answer | ({"person": kept["person"]} if same else {})
    draft.ruleset, draft.version = rules.reference, version + 1
    draft.updated_at, draft.updated_by = timezone.now(), by
    draft.save()
    told = {"questions": sorted(taken), "version": draft.version}
    audit.record("ethics.answer_ai_act", case, by=by, scope=case.committee, data=told)
    return draft


def _new_draft(case: UseCase) -> AiActAssessment:
    newest = case.ai_act_assessments.order_by("-number").first()
    return AiActAssessment(
        case=case,
        number=newest.number + 1 if newest else 1,
        ruleset=CURRENT,
        answers=dict(newest.answers) if newest else {},
    )


def _taken(rules: Rules, name: str, raw: Any) -> dict[str, Any]:
    """One answer as it is kept. Raises `Refused` with the field it stands in."""
    try:
        values = checked(rules, name, raw)
    except BadAnswer as bad:
        known = name in rules.by_id
        told = _("Choose one of the answers.") if known else _("There is no such question.")
        raise Refused(f"{name}: {told}" if not known else told, f"q_{name}") from bad
    reason = clean_text(str(raw.get("reason") or ""))
    evidence = clean_text(str(raw.get("evidence") or ""))
    for text, limit, field in (
        (reason, LONGEST_REASON, "r"),
        (evidence, LONGEST_EVIDENCE, "e"),
    ):
        if len(text) > limit:
            raise Refused(_("Write at most %(n)s characters.") % {"n": limit}, f"{field}_{name}")
    multi = rules.by_id[name].is_multi
    value: Any = list(values) if multi else (values[0] if values else "")
    return {"value": value, "reason": reason, "evidence": evidence}


@transaction.atomic
def conclude(
    *, case: UseCase, people: Mapping[str, User], version: int, by: User
) -> AiActAssessment:
    """Settle what the rules say; whoever is named in `people` finds out what is not known.

    Raises `Refused` while something is not answered, not reasoned, or nobody's to find out.
    """
    policies.can_conclude(by, case).require()
    case = fresh(case)
    policies.can_conclude(by, case).require()
    draft = draft_of(case)
    if draft is None or draft.version != version:
        raise StaleState(_("The answers have changed meanwhile. Nothing was changed."))
    result = classify(draft.answers, rules_for(draft))
    _check_complete(result, left_in(progress_of(result.rules, draft.answers)))
    _assign(draft, unknowns(result), people)
    before, now = assessment_of(case), timezone.now()
    _replace(before, now)
    draft.state, draft.ruleset, draft.result = (
        AssessmentState.CONCLUDED, result.rules.reference, result.stored(),
    )  # fmt: skip
    draft.tier, draft.disposition = result.tier, result.disposition
    draft.concluded_at, draft.concluded_by = now, by
    draft.revision = case.revision
    draft.sha256 = seal_of(draft)
    draft.save()
    facts.record_classification(
        case=case, tier=risk_tier(draft.result), ruleset=draft.ruleset, by=by
    )
    earlier = before or _last_replaced(case)
    if case.status in DECIDED and earlier and differences(earlier.result, draft.result):
        # What was decided on is no longer so.
        facts.report_material_change(case=case, by=by)
    told = {
        "number": draft.number,
        "ruleset": draft.ruleset,
        "outcomes": draft.result["outcomes"],
        "disposition": draft.disposition,
        "sha256": draft.sha256,
    }
    audit.record("ethics.conclude_ai_act", case, by=by, scope=case.committee, data=told)
    refresh_gates(case)
    return draft


def _check_complete(result: Result, left: list[str]) -> None:
    if left:
        n = len(left)
        told = ngettext(
            "%(n)s question is not answered yet.", "%(n)s questions are not answered yet.", n
        )
        raise Refused(told % {"n": n})
    if lacking := without_reason(result):
        told = _("Write the reason of the answer to: %(names)s.")
        raise Refused(told % {"names": ", ".join(lacking[:8])})


def _assign(draft: AiActAssessment, names: list[str], people: Mapping[str, User]) -> None:
    for name in names:
        person = people.get(name)
        if person is None or not person.is_active:
            raise Refused(_("Choose who finds it out."), f"p_{name}")
        draft.answers[name]["person"] = person.pk


def _replace(before: AiActAssessment | None, now: Any) -> None:
    if before is not None:
        before.state, before.superseded_at = AssessmentState.SUPERSEDED, now
        before.save(update_fields=["state", "superseded_at"])


def _last_replaced(case: UseCase) -> AiActAssessment | None:
    rows = case.ai_act_assessments.filter(state=AssessmentState.SUPERSEDED)
    return rows.order_by("-number").first()


def seal_of(assessment: AiActAssessment) -> str:
    """The hash of what was concluded: answers, reasons, rules and result."""
    parts = {
        "ruleset": assessment.ruleset,
        "answers": assessment.answers,
        "result": assessment.result,
        "revision": assessment.revision,
    }
    return sha256_hex(canonical_json(parts))
