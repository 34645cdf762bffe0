"""What the address asks the register of decisions for; what is not understood is told, not lost."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext as _

from core.forms import DATE_HELP, DanishDateField
from core.numbers import whole_number
from meetings.enums import Outcome
from meetings.selectors.decisions import Question

LONGEST_TEXT = 100
LONGEST_DATE = 20
FLAGS = {"mindretal": "dissent", "opfoelgning": "follow_ups", "forslag": "linked"}
# The least and the greatest year that a date can have.
YEARS = range(1, 10_000)


def asked(data: Mapping[str, Any]) -> tuple[Question, list[str]]:
    """The question of an address, and what could not be read of it."""
    start, wrong_start = _day(data.get("fra", ""))
    end, wrong_end = _day(data.get("til", ""))
    year = whole_number(data.get("aar", ""))
    outcome = data.get("udfald", "")
    flags: dict[str, Any] = {name: data.get(key) == "1" for key, name in FLAGS.items()}
    question = Question(
        committee=data.get("udvalg", "")[:60].replace("\x00", ""),
        year=year if year in YEARS else None,
        start=start,
        end=end,
        outcome=outcome if outcome and outcome in Outcome.values else "",
        text=" ".join(data.get("q", "").replace("\x00", "").split())[:LONGEST_TEXT].strip(),
        **flags,
    )
    problems = [str(DATE_HELP)] if wrong_start or wrong_end else []
    if start and end and end < start:
        problems.append(_("The period ends before it begins."))
    return question, problems


def _day(text: str) -> tuple[date | None, bool]:
    try:
        return DanishDateField(required=False).clean(text.strip()[:LONGEST_DATE]), False
    except forms.ValidationError:
        return None, True


def query_of(question: Question) -> str:
    """The same question as it stands in an address."""
    pairs = {
        "udvalg": question.committee,
        "aar": question.year or "",
        "fra": question.start.isoformat() if question.start else "",
        "til": question.end.isoformat() if question.end else "",
        "udfald": question.outcome,
        **{key: "1" if getattr(question, name) else "" for key, name in FLAGS.items()},
        "q": question.text,
    }
    return urlencode({key: value for key, value in pairs.items() if value})
