"""What the pages of the AI Act show: a result in the reader's words."""

from typing import Any

from committee.models import User
from ethics.ai_act import Result, Rules
from ethics.ai_act.engine import Finding
from ethics.ai_act.rules import UNKNOWN
from ethics.models import AiActAssessment
from ethics.selectors import aiact
from usecases.models import UseCase

GATES = ("screening", "pilot", "operation")


def answer_words(rules: Rules, finding: Finding) -> str:
    options = rules.by_id[finding.question].by_value
    return ", ".join(str(options[value].text) for value in finding.answer)


def result_context(result: Result, answers: dict[str, Any] | None = None) -> dict[str, Any]:
    """A result with its findings in blocks, for a case and for the page where one tries."""
    rules, given = result.rules, answers or {}
    names = _people(given)
    blocks: dict[str, list[dict[str, Any]]] = {}
    for finding in result.findings:
        if finding.question in result.unanswered:
            continue
        question = rules.by_id[finding.question]
        person = given.get(finding.question)
        blocks.setdefault(question.block, []).append(
            {
                "question": question,
                "answer": answer_words(rules, finding),
                "is_unknown": UNKNOWN in finding.answer,
                "reason": finding.reason,
                "evidence": finding.evidence,
                "is_link": finding.evidence.startswith(("https://", "http://")),
                "person": names.get(person.get("person") or 0, "")
                if isinstance(person, dict)
                else "",
            }
        )
    return {
        "result": result,
        "rules": rules,
        "tier_text": rules.tiers[result.tier].text,
        "outcomes": [
            {"outcome": one, "day": rules.day(one.applies_from)} for one in result.outcomes
        ],
        "finding_blocks": [(rules.blocks[key].text, rows) for key, rows in blocks.items()],
        "duties": [
            {"duty": one, "known": one.obligation, "actor": rules.actors[one.obligation.actor].text}
            for one in result.obligations
        ],
    }


def _people(answers: dict[str, Any]) -> dict[int, str]:
    """Those who find out what is not known."""
    found = {answer.get("person") for answer in answers.values() if isinstance(answer, dict)}
    pks = [int(pk) for pk in found if pk]
    return dict(User.objects.filter(pk__in=pks).values_list("pk", "name")) if pks else {}


def page_context(case: UseCase) -> dict[str, Any]:
    """The case's own page: what was concluded, how far the draft is, and the duties."""
    concluded, draft = aiact.both_of(case)
    binding = aiact.binding_of(concluded, draft)
    context: dict[str, Any] = {"concluded": concluded, "draft": draft}
    if draft is not None:
        progress = aiact.progress_of(aiact.rules_for(draft), draft.answers)
        context["blocks"] = aiact.blocks_of(progress)
        context["left"] = len(aiact.left_in(progress))
        if concluded is None and not context["left"]:
            context |= result_context(progress, draft.answers)
            context["is_provisional"] = True
    if concluded is not None:
        context |= result_context(aiact.result_of(concluded), concluded.answers)
    rows = aiact.duties_of(case, binding)
    context["gates"] = [(gate, part) for gate in GATES if (part := _at(rows, gate))]
    context["text_changed"] = concluded is not None and concluded.revision != case.revision
    context["law_changed"] = _law_changes(concluded, draft)
    return context


def _at(rows: list[aiact.DutyRow], gate: str) -> list[aiact.DutyRow]:
    return [row for row in rows if row.gate == gate]


def _law_changes(concluded: AiActAssessment | None, draft: AiActAssessment | None) -> bool:
    """Was it re-opened because the law changed, and is nothing concluded since?"""
    return concluded is None and draft is not None and bool(draft.result)


def change_rows(rules: Rules, changes: list[dict[str, str]]) -> list[dict[str, Any]]:
    """The changes of a replay in words: what, of which duty or outcome, from what to what."""
    rows: list[dict[str, Any]] = []
    for change in changes:
        duty = rules.obligation(change["code"])
        outcome = next((one for one in rules.outcomes if one.id == change["code"]), None)
        known = duty or outcome
        old, new = change["old"], change["new"]
        if change["what"] == "tier":
            old, new = (
                str(rules.tiers[one].text) if one in rules.tiers else one for one in (old, new)
            )
        rows.append({**change, "known": known, "old": old, "new": new})
    return rows
