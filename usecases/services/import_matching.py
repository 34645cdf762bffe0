"""Which case a row of a file is, and what the row becomes."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from committee.models import Committee
from usecases import policies
from usecases.models import CaseImport, ImportKey, RowAction, UseCase
from usecases.record import code_of, record
from usecases.services.import_rows import Parsed


def decide(row: Parsed, case: UseCase | None, batch: CaseImport) -> tuple[RowAction, list[str]]:
    """What the row becomes, and the fields that it changes."""
    if not row.is_held and _ends_too_early(row, case):
        row.tell("", _("The pilot must end after it begins."), holds=True)
    if row.is_held:
        return RowAction.HELD, []
    if case is None:
        return RowAction.NEW, []
    changes = [key for key, value in row.values.items() if value != _current(case, key)]
    if _moves(row, case, batch):
        changes.append("status")
    if not changes:
        return RowAction.SAME, []
    verdict = policies.can_edit(batch.by, case)
    if not verdict:
        row.tell("", str(verdict.reason), holds=True)
        return RowAction.HELD, []
    return RowAction.UPDATE, changes


def _ends_too_early(row: Parsed, case: UseCase | None) -> bool:
    start, end = (
        row.values.get(key) or (case.value(key) if case else None)
        for key in ("pilot_start", "pilot_end")
    )
    return bool(start and end and end < start)


def _current(case: UseCase, key: str) -> Any:
    nothing: dict[str, Any] = {"multi_choice": [], "boolean": False}
    return case.value(key) or nothing.get(record().by_key[key].type, "")


def _moves(row: Parsed, case: UseCase, batch: CaseImport) -> bool:
    """A project elsewhere has moved on, and nobody here has moved it."""
    elsewhere = case.is_imported and not is_ours(row, batch.committee)
    known = {"", case.status, case.source.get("status")}
    return elsewhere and row.status not in known and not case.status_changes.exists()


def is_ours(row: Parsed, committee: Committee) -> bool:
    return row.values.get("municipality") == code_of(committee.municipality.name)


def matches(committee: Committee, chunk: list[Parsed]) -> dict[int, UseCase]:
    """The cases that the rows are, by row number: by id, by earlier import, by place and title."""
    by_uid = _by_uid(committee, chunk)
    keys = [key for row in chunk for key in (row.id_key, row.place_key) if key]
    rows = ImportKey.objects.filter(committee=committee, key__in=keys)
    by_key = {row.key: row.case for row in rows.select_related("case__committee")}
    claimed = _claimed(by_key.values())
    native = _native(committee, chunk)
    found: dict[int, UseCase] = {}
    for row in chunk:
        case = by_uid.get(row.given_id.lower()) or by_key.get(row.id_key)
        if case is None:
            case = by_key.get(row.place_key)
            if case is not None and row.id_key and case.pk in claimed:
                case = None
        case = case or native.get((row.values.get("municipality", ""), row.title))
        if case is not None:
            found[row.number] = case
    return found


def _by_uid(committee: Committee, chunk: list[Parsed]) -> dict[str, UseCase]:
    uids = [uid for row in chunk if (uid := uid_of(row.given_id))]
    rows = UseCase.objects.filter(committee=committee, uid__in=uids, submitted_at__isnull=False)
    return {str(case.uid): case for case in rows.select_related("committee")}


def uid_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _claimed(cases: Iterable[UseCase]) -> set[int]:
    """Those that a file has given an id of their own."""
    rows = ImportKey.objects.filter(case__in=list(cases), key__startswith="i:")
    return set(rows.values_list("case_id", flat=True))


def _native(committee: Committee, chunk: list[Parsed]) -> dict[tuple[str, str], UseCase]:
    """Cases that were filed here, and come back in a file without ids."""
    titles = [row.title for row in chunk if not row.given_id]
    rows = UseCase.objects.filter(committee=committee, title__in=titles, submitted_at__isnull=False)
    return {(c.municipality, c.title): c for c in rows.select_related("committee")}
