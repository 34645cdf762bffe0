"""The result of a review, as the committee reads it before it recommends."""

from collections import Counter
from typing import Any

from ethics import axes, reviewing
from ethics import questionnaire as engine
from ethics.enums.conditions import STANDING, ConditionState
from ethics.enums.rounds import SheetAdvice
from ethics.models import Condition, ReviewRound
from usecases.enums import DecisionAccess


def result_of(review: ReviewRound) -> dict[str, Any]:
    """Axes, flags, disagreement, the price of a no, and what each would recommend.

    Made of the revealed sheets; of a case that took the fast track, of its own answers.
    """
    known = engine.by_ref(review.questionnaire_ref)
    people = _people(review, known)
    plot = axes.axes(known, people)
    return {
        "review": review,
        "case": review.case,
        "plot": plot,
        "price": axes.price(known, people),
        "price_reason": _price_reason(review, known),
        "people": people,
        "table": [_of_person(one, plot) for one in people],
        "has_sheets": bool(review.open_sheets),
        "flags": [
            {"flag": flag, "severity": known.severities[flag.severity]}
            for flag in reviewing.flags_of(review)
        ],
        "disagreements": reviewing.disagreements(review),
        "advice": _advice(review),
        "conditions": _conditions(review),
    }


def _conditions(review: ReviewRound) -> list[Condition]:
    """What is proposed or in force; not of a decision behind closed doors, which fewer may read."""
    case = review.case
    if case.decision and case.decision_access == DecisionAccess.CLOSED:
        return []
    rows = case.conditions.filter(state__in=STANDING | {ConditionState.PROPOSED})
    return list(rows.select_related("owner").order_by("number"))


def _people(review: ReviewRound, known: Any) -> list[axes.Given]:
    sheets = review.open_sheets
    if not sheets:
        return [axes.given(known, "", review.answers)]
    return [
        axes.given(known, sheet.assignment.reviewer.name, reviewing.whole(review, sheet))
        for sheet in sheets
    ]


def _of_person(one: axes.Given, plot: axes.Plot) -> dict[str, Any]:
    """A row of the table beside the drawing."""
    cells = [read for row in plot.rows for read in row.read if read.name == one.name]
    return {"name": one.name, "cells": cells}


def _price_reason(review: ReviewRound, known: Any) -> str:
    """What those who propose write of the alternative."""
    question = axes.price_question(known)
    answer = review.answers.get(question.id, {}) if question else {}
    return str(answer.get("reason", ""))


def _advice(review: ReviewRound) -> list[tuple[Any, int]]:
    """How many would recommend what, in the order of the choices."""
    counts = Counter(sheet.recommendation for sheet in review.open_sheets)
    return [(choice.label, counts[choice.value]) for choice in SheetAdvice if counts[choice.value]]
