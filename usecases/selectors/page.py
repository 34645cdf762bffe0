"""The page of a case, as its reader may see it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.templatetags.ur import full_date
from core.verdicts import Verdict
from usecases import hooks, policies
from usecases.enums import DecisionAccess, Status
from usecases.models import UseCase
from usecases.naming import SLUGS
from usecases.record import RecordField, RecordSection, record
from usecases.selectors.lists import SHAPES
from usecases.selectors.missing import Missing, field_url, missing_for, next_step
from usecases.workflow import LIFE_CYCLE, unfilled

S = Status
ROAD = (
    S.SUBMITTED,
    S.UNDER_ASSESSMENT,
    S.APPROVED_FOR_PILOT,
    S.PILOT,
    S.APPROVED_FOR_OPERATION,
    S.OPERATION,
)
# Where a case that has left the road would be on it.
STANDS_AT = {S.PARKED: S.SUBMITTED, S.PILOT_ENDED: S.PILOT, S.RETIRED: S.OPERATION}


@dataclass(frozen=True)
class Value:
    """A field with what is filled in, in words."""

    key: str
    label: str
    type: str
    value: Any
    public: bool


@dataclass(frozen=True)
class Section:
    """A part of the page."""

    key: str
    heading: str
    values: list[Value]
    edit_url: str
    # How much has been said of it, and where.
    talk: int = 0
    talk_url: str = ""


@dataclass(frozen=True)
class Step:
    """A place on the road: done, now or still to come, and since when."""

    label: str | Promise
    look: str
    at: datetime | None


@dataclass(frozen=True)
class Move:
    """A move that is the reader's to make, and what lacks before it."""

    name: str
    label: str | Promise
    url: str
    verdict: Verdict
    missing: list[Missing]


def case_page(user: Any, case: UseCase) -> dict[str, Any]:
    """Everything the page shows to this reader."""
    level = policies.reading_level(user, case)
    full = level == "full"
    mine = policies.moves_for(user, case) if full else []
    may_edit = bool(policies.can_edit(user, case)) if full else False
    return {
        "case": case,
        "level": level,
        "shape": SHAPES[case.status],
        "steps": steps(case),
        "sections": sections(user, case, may_edit) if level in ("full", "public") else [],
        "answer": official_answer(user, case) if level in ("full", "public") else None,
        "moves": [move_of(case, name) for name in mine if name != "submit"],
        "next": next_step(case, mine),
        "may_edit": may_edit,
        "may_decide": full and bool(policies.runs(user, case)) and _can_be_decided(case),
        "runs": full and bool(policies.runs(user, case)),
        "lacking_review": _lacking_review(case) if may_edit else [],
        "similar": _similar(user, case) if full else [],
        "panels": hooks.panels_of(user, case),
    }


def _can_be_decided(case: UseCase) -> bool:
    return case.status in LIFE_CYCLE.get("reject").sources


def _lacking_review(case: UseCase) -> list[Missing]:
    if case.status not in (S.SUBMITTED, S.UNDER_ASSESSMENT, S.PARKED):
        return []
    lacking: dict[str, list[RecordField]] = {}
    for known in unfilled(case, "submission", "review"):
        lacking.setdefault(known.section, []).append(known)
    return [_of_section(case, key, fields) for key, fields in lacking.items()]


def _of_section(case: UseCase, key: str, fields: list[RecordField]) -> Missing:
    """One row per section: the page has no room for twenty."""
    count = len(fields)
    words = ngettext("%(part)s: %(n)s field", "%(part)s: %(n)s fields", count)
    text = words % {"part": record().section(key).heading, "n": count}
    return Missing(text, field_url(case, fields[0]))


def _similar(user: Any, case: UseCase) -> list[UseCase]:
    if not case.similar_shown:
        return []
    return list(UseCase.objects.visible_to(user).filter(pk__in=case.similar_shown))


def move_of(case: UseCase, name: str) -> Move:
    transition = LIFE_CYCLE.get(name)
    missing = missing_for(case, name)
    url = reverse("usecases:case_move", args=[case.pk, SLUGS[name]])
    return Move(name, transition.label, url, LIFE_CYCLE.check(case, name), missing)


def steps(case: UseCase) -> list[Step]:
    """The road from submitted to operation, with the dates of what was reached."""
    since = {change.new: change.at for change in case.status_changes.all()}
    here = STANDS_AT.get(Status(case.status), Status(case.status))
    if case.status == S.SUSPENDED:
        here = Status(case.previous_status or S.OPERATION)
    place = ROAD.index(here) if here in ROAD else -1
    found = []
    for number, status in enumerate(ROAD):
        look = "now" if number == place else "done" if status in since else ""
        if number > place >= 0:
            look = ""
        found.append(Step(status.label, look, since.get(status) if look else None))
    return found


def sections(user: Any, case: UseCase, may_edit: bool) -> list[Section]:
    """What is filled in, part by part. Outside the committee only what is public."""
    may_read = readable_kinds(user, case)
    return [
        Section(part.key, part.heading, values, _edit_url(case, part) if may_edit else "")
        for part in record().sections
        if (values := list(_values(case, part, may_read)))
    ]


def readable_kinds(user: Any, case: UseCase) -> set[str]:
    """Which of the record's kinds of publicity this reader reads."""
    level = policies.reading_level(user, case)
    found = {"everyone"} if level in ("full", "public") else set()
    if level == "full":
        found |= {"inside", "summary"}
    return found | {"secretariat"} if policies.sees_contact(user, case) else found


def empty_sections(case: UseCase) -> list[tuple[str, str]]:
    """Parts with nothing filled in yet: heading and where to begin."""
    return [
        (part.heading, _edit_url(case, part))
        for part in record().sections
        if not any(case.is_filled(one.key) for one in part.fields)
    ]


def _edit_url(case: UseCase, part: RecordSection) -> str:
    return reverse("usecases:section_edit", args=[case.pk, part.key])


def _values(case: UseCase, part: RecordSection, may_read: set[str]) -> Iterator[Value]:
    for known in part.fields:
        if known.key == "title" or not case.is_filled(known.key):
            continue
        if known.public in may_read:
            value = shown(known, case.value(known.key))
            yield Value(known.key, known.short, known.type, value, known.is_public)


def shown(known: RecordField, value: Any) -> Any:
    """A value in words."""
    if known.type == "choice":
        return known.choices.get(value, value)
    if known.type == "multi_choice":
        return ", ".join(known.choices.get(one, one) for one in value)
    if known.type == "boolean":
        return _("Yes") if value else _("No")
    return value


def worded(known: RecordField, value: Any) -> str:
    """A value of a frozen text as one reads it: there a date stands as 2026-12-11."""
    if known.type == "date":
        return full_date(date.fromisoformat(str(value)))
    return str(shown(known, value))


def official_answer(user: Any, case: UseCase) -> dict[str, Any] | None:
    """The decision of the competent body; of a closed item only its legal ground.

    A decision that is recorded and not carried out yet is for the committee alone.
    """
    recorded = case.decision_recorded_at
    if not case.decision or recorded is None:
        return None
    if recorded > case.status_since and policies.reading_level(user, case) != "full":
        return None
    facts = {
        "label": case.get_decision_display(),
        "body": case.decision_body,
        "on": case.decision_on,
        "item": case.decision_item,
        "link": case.decision_link,
        "ground": case.decision_ground,
        "expires": case.decision_expires,
    }
    closed = case.decision_access == DecisionAccess.CLOSED
    if closed and not policies.reads_closed(user, case):
        return facts | {"is_closed": True}
    return facts | {
        "is_closed": closed,
        "is_open_to_reader": True,
        "case_id": case.decision_case_id,
        "reasons": case.decision_reasons,
        "conditions": case.decision_conditions,
        "dissent": case.decision_dissent,
        "deviation": case.decision_deviation,
        "price_of_no": case.answers.get("price_of_no", ""),
    }
