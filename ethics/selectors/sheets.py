"""Sheets on the page: one's own part by part, all of them side by side, and what is discussed."""

from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from ethics import questionnaire as engine
from ethics import reviewing
from ethics.models import Condition, ReviewRound, ReviewSheet
from ethics.policies import rounds as policies


@dataclass(frozen=True)
class SheetPart:
    """A part of one's own sheet, and how far one is."""

    number: int
    section: Any
    url: str
    answered: int
    asked: int

    @property
    def is_done(self) -> bool:
        return self.answered == self.asked

    @property
    def look(self) -> str:
        if self.is_done:
            return "done"
        return "half" if self.answered else "empty"


def sheet_parts(review: ReviewRound, sheet: ReviewSheet) -> list[SheetPart]:
    known = engine.by_ref(sheet.questionnaire_ref)
    asked = engine.visible(known, reviewing.whole(review, sheet))
    gaps = {one.id for one in reviewing.lacking(review, sheet)}
    found = []
    for number, section in enumerate(known.sections, start=1):
        own = [one for one in asked if one.section == section.id]
        url = reverse("ethics:sheet_section", args=[review.pk, section.id])
        done = sum(1 for one in own if one.id not in gaps)
        found.append(SheetPart(number, section, url, done, len(own)))
    return found


@dataclass
class Answered:
    """A question with everybody's answer beside each other."""

    question: Any
    given: str
    cells: list[dict[str, str]] = field(default_factory=list)
    is_far_apart: bool = False


def open_sheets_page(user: Any, review: ReviewRound) -> dict[str, Any]:
    """All revealed sheets side by side, part by part."""
    known = engine.by_ref(review.questionnaire_ref)
    sheets = review.open_sheets
    far = {one.question.id for one in reviewing.disagreements(review)}
    parts = []
    for section in known.sections:
        rows = []
        for question in known.questions_of(section.id):
            cells = [_cell(question, sheet) for sheet in sheets]
            given = engine.words_of(question, review.answers.get(question.id, engine.NO_ANSWER))
            if given or any(cell["words"] for cell in cells):
                rows.append(Answered(question, given, cells, question.id in far))
        if rows:
            parts.append({"section": section, "rows": rows})
    additions = _additions(sheets)
    return {
        "sheets": [
            {"sheet": one, "can_add": bool(policies.can_add(user, review, one)),
             "additions": additions.get(one.pk, [])}
            for one in sheets
        ],
        "parts": parts,
    }  # fmt: skip


def _cell(question: Any, sheet: ReviewSheet) -> dict[str, str]:
    answer = sheet.answers.get(question.id, engine.NO_ANSWER)
    return {
        "name": sheet.assignment.reviewer.name,
        "words": engine.words_of(question, answer),
        "reason": answer.get("reason", ""),
    }


def _additions(sheets: list[ReviewSheet]) -> dict[int, list[Any]]:
    from ethics.models import SheetAddition

    found: dict[int, list[Any]] = {}
    for row in SheetAddition.objects.filter(sheet__in=[one.pk for one in sheets]):
        found.setdefault(row.sheet_id, []).append(row)
    return found


def discussion_page(user: Any, review: ReviewRound) -> dict[str, Any]:
    """The discussion list, and every flag with what is done about it."""
    severities = engine.by_ref(review.questionnaire_ref).severities
    return {
        "disagreements": reviewing.disagreements(review),
        "flags": [
            {"flag": one, "severity": severities[one.severity],
             "can_write": _may_answer(user, review, one)}
            for one in reviewing.flags_of(review)
        ],
        "can_discuss": bool(policies.can_discuss(user, review)),
        "conditions": list(
            Condition.objects.visible_to(user).filter(case=review.case_id).order_by("number")
        ),
    }  # fmt: skip


def _may_answer(user: Any, review: ReviewRound, flag: reviewing.Flag) -> bool:
    if flag.severity == "blocker":
        return bool(policies.can_remove_blocker(user, review))
    return bool(policies.can_discuss(user, review))
