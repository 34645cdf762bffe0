"""What lacks before a move of the life cycle: a list of links, never errors after the fact."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise

from core.verdicts import Verdict
from usecases import hooks
from usecases.models import UseCase
from usecases.naming import FACT_SLUGS
from usecases.record import RecordField, record
from usecases.workflow import LIFE_CYCLE, PLAN, register_stages, unfilled

# These are asked in the form of the move itself.
ASKED_IN_FORM = {"has_reason", "has_revisit_date"}


@dataclass(frozen=True)
class Missing:
    """One thing that lacks: what, and where it is put right."""

    text: str | Promise
    url: str


def missing_for(case: UseCase, move: str) -> list[Missing]:
    """Everything that lacks before `move`, in the order of its guards; empty when nothing does."""
    found: list[Missing] = []
    for guard in LIFE_CYCLE.get(move).guards:
        verdict = guard(case)
        if not verdict and guard.__name__ not in ASKED_IN_FORM:
            found += _behind(case, guard.__name__, verdict)
    return found


def missing_fields(case: UseCase, *stages: str) -> list[Missing]:
    """The fields of the record that must be filled by these stages, as links to their inputs."""
    return [_field(case, one) for one in unfilled(case, *stages)]


def field_url(case: UseCase, known: RecordField) -> str:
    """Where the field is filled in."""
    url = reverse("usecases:section_edit", args=[case.pk, known.section])
    return f"{url}#{known.anchor}"


def _field(case: UseCase, known: RecordField) -> Missing:
    return Missing(known.short, field_url(case, known))


def _behind(case: UseCase, guard: str, verdict: Verdict) -> Iterator[Missing]:
    if guard == "screening_fields":
        yield from missing_fields(case, "submission")
    elif guard == "retire_note":
        yield from missing_fields(case, "retirement")
    elif guard == "pilot_plan":
        lacking = [record().by_key[key] for key in PLAN if not case.is_filled(key)]
        yield from (_field(case, one) for one in lacking)
    elif guard == "in_register":
        yield from missing_fields(case, *register_stages(case))
        yield Missing(verdict.reason, _fact_url(case, "register"))
    else:
        yield Missing(verdict.reason, _place(case, guard))


def _place(case: UseCase, guard: str) -> str:
    if guard == "similar_answered":
        return reverse("usecases:case_similar", args=[case.pk])
    if guard.startswith("decision_record") or guard == "in_mandate":
        return reverse("usecases:case_decide", args=[case.pk])
    facts = {"not_prohibited": "classification", "incident_closed": "incident"}
    fact = facts.get(guard, guard)
    if keeper := hooks.keeper_of(case, fact):
        return keeper.url
    if fact in FACT_SLUGS:
        return _fact_url(case, fact)
    return f"{case.get_absolute_url()}#decision"


def _fact_url(case: UseCase, fact: str) -> str:
    return reverse("usecases:case_fact", args=[case.pk, FACT_SLUGS[fact]])


def next_step(case: UseCase, mine: list[str]) -> dict[str, Any] | None:
    """The move that most likely comes next among `mine`, with what lacks before it."""
    for name in FORWARD:
        if name in mine:
            transition = LIFE_CYCLE.get(name)
            return {"name": name, "label": transition.label, "missing": missing_for(case, name)}
    return None


FORWARD = (
    "submit",
    "take_up",
    "unpark",
    "start_pilot",
    "start_operation",
    "end_pilot",
    "resume_pilot",
    "resume_operation",
)
