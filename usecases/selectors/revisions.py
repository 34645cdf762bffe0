"""The texts that a case has had, each with what changed since the one before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from committee.models import User
from core.diffs import Piece, word_diff
from core.numbers import page_number
from usecases.models import Revision, UseCase
from usecases.record import RecordField, record
from usecases.selectors.page import readable_kinds, shown

PER_PAGE = 10


@dataclass(frozen=True)
class Change:
    """A field that is another than before."""

    label: str
    pieces: list[Piece]


@dataclass(frozen=True)
class Text:
    """One version of the case."""

    number: int
    at: datetime
    by: str
    changes: list[Change]


def revisions_of(user: Any, case: UseCase, page: str = "1") -> dict[str, Any]:
    """The versions, newest first, a page at a time, in the fields that the reader reads."""
    last = -(-case.revision // PER_PAGE) or 1
    number = page_number(page, last, 1)
    top = case.revision - (number - 1) * PER_PAGE
    rows = Revision.objects.filter(case=case, number__lte=top, number__gte=top - PER_PAGE)
    found = list(rows.select_related("by").order_by("number"))
    fields = [one for one in record().fields if one.public in readable_kinds(user, case)]
    names = _names(found)
    texts = []
    before: Mapping[str, Any] | None = None if top <= PER_PAGE else {}
    for row in found:
        now = row.content["fields"]
        if row.number > top - PER_PAGE:
            by = row.by.name if row.by else ""
            texts.append(Text(row.number, row.at, by, _changes(fields, before, now, names)))
        before = now
    return {"texts": texts[::-1], "page": number, "last": last}


def _changes(
    fields: list[RecordField],
    before: Mapping[str, Any] | None,
    now: Mapping[str, Any],
    names: dict[int, str],
) -> list[Change]:
    if before is None:
        return []
    return [
        Change(one.short, word_diff(_words(one, was, names), _words(one, new, names)))
        for one in fields
        if (was := before.get(one.key)) != (new := now.get(one.key))
    ]


def _words(known: RecordField, value: Any, names: dict[int, str]) -> str:
    if value in (None, "", []):
        return ""
    if known.type == "person":
        return names.get(value, "")
    return str(shown(known, value))


def _names(rows: list[Revision]) -> dict[int, str]:
    """The people in these texts; one query for all of them."""
    keys = [one.key for one in record().fields if one.type == "person"]
    ids = {row.content["fields"].get(key) for row in rows for key in keys} - {None}
    return dict(User.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}
