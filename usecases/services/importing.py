"""Files with cases: kept, read in a preview, and taken in bit by bit by the worker."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any, BinaryIO, cast
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from committee.models import Committee, User
from core import audit, outbox
from core.canonical import canonical_json, sha256_hex
from core.files.errors import BadFile
from core.files.names import extension, safe_filename
from core.store import store_bytes
from core.verdicts import NotAllowed, Refused, StaleState
from usecases import policies
from usecases.enums import Status
from usecases.exchange.reading import Table, check_size, open_table
from usecases.models import (
    CaseImport,
    CaseWord,
    ImportKey,
    ImportRow,
    ImportState,
    Revision,
    RowAction,
    UseCase,
)
from usecases.record import CURRENT, code_of, record
from usecases.services.import_rows import Parsed, column_of, parse_row
from usecases.services.moves import lock_numbers, next_reference
from usecases.services.texts import content_of, save_values
from usecases.services.words import words_of

CHECK, RUN = "usecases.check_import", "usecases.run_import"
CHUNK = 250
# Place and title of the rows with an id so far → the number of the row.
Placed = dict[int, int]
MEDIA = {
    ".csv": "text/csv",
    ".txt": "text/csv",
    ".json": "application/json",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@transaction.atomic
def begin_import(
    *,
    committee: Committee,
    data: bytes,
    filename: str,
    by: User,
    allow_unplaced: bool = False,
    is_example: bool = False,
) -> CaseImport:
    """Keep the file and let the worker read it. Raises `Refused` for one that cannot come in."""
    policies.can_import(by, committee).require()
    name = safe_filename(filename)
    try:
        check_size(len(data))
    except BadFile as bad:
        raise Refused(str(bad), "file") from bad
    if extension(name) not in MEDIA:
        raise Refused(_("Files of this type cannot be imported. Use CSV, XLSX or JSON."), "file")
    stored = store_bytes(data, filename=name, media_type=MEDIA[extension(name)], by=by)
    batch = CaseImport.objects.create(
        committee=committee,
        file=stored,
        by=by,
        allow_unplaced=allow_unplaced,
        is_example=is_example,
    )
    facts = {"sha256": stored.sha256, "size": stored.size}
    audit.record("usecases.begin_import", batch, by=by, scope=committee, data=facts)
    outbox.enqueue(kind=CHECK, key=f"{CHECK}:{batch.pk}", payload={"import": batch.pk}, by=by.pk)
    return batch


@transaction.atomic
def confirm_import(*, batch: CaseImport, by: User) -> CaseImport:
    """Take in what the preview showed. Raises `StaleState` when that has been asked before."""
    policies.can_import(by, batch.committee).require()
    changed = CaseImport.objects.filter(pk=batch.pk, state=ImportState.CHECKED)
    if not changed.update(state=ImportState.IMPORTING):
        raise StaleState(_("The import has already begun."))
    batch.refresh_from_db()
    audit.record("usecases.confirm_import", batch, by=by, scope=batch.committee)
    outbox.enqueue(kind=RUN, key=f"{RUN}:{batch.pk}", payload={"import": batch.pk}, by=by.pk)
    return batch


def get_batch(pk: int) -> CaseImport:
    rows = CaseImport.objects.select_related("committee__municipality", "file", "by")
    return rows.get(pk=pk)


# The preview ------------------------------------------------------------------------------


def check_import(batch: CaseImport, report: outbox.Report) -> None:
    """Read the whole file into rows that say what they become. The same when run again."""
    if batch.state != ImportState.CHECKING:
        return
    batch.rows.all().delete()
    try:
        with _table(batch) as table:
            _note_columns(batch, table)
            placed: Placed = {}
            for chunk in _chunks(table, batch):
                _keep_chunk(batch, chunk, placed)
                batch.rows_read += len(chunk)
                report(_("%(n)s rows read") % {"n": batch.rows_read}, 50)
        batch.state = ImportState.CHECKED
    except BadFile as bad:
        batch.state, batch.failure = ImportState.FAILED, str(bad)
    batch.save()


@contextmanager
def _table(batch: CaseImport) -> Iterator[Table]:
    with (
        default_storage.open(batch.file.path) as stored,
        open_table(cast(BinaryIO, stored.file), batch.file.filename, column_of) as table,
    ):
        yield table


def _note_columns(batch: CaseImport, table: Table) -> None:
    found: dict[str, str] = {}
    for heading in filter(None, table.headings):
        key = column_of(heading)
        if key and key not in found.values():
            found[heading] = key
    batch.columns = found
    batch.unused = [one for one in table.headings if one and one not in found][:100]
    batch.notes = table.notes
    batch.rows_read = 0


def _chunks(table: Table, batch: CaseImport) -> Iterator[list[Parsed]]:
    rows = (
        parse_row(number, cells, allow_unplaced=batch.allow_unplaced)
        for number, cells in table.rows
    )
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


@transaction.atomic
def _keep_chunk(batch: CaseImport, chunk: list[Parsed], placed: Placed) -> None:
    _hold_repeated(batch, chunk, placed)
    known = matches(batch.committee, chunk)
    rows = []
    for row in chunk:
        case = known.get(row.number)
        action, changes = decide(row, case, batch)
        rows.append(
            ImportRow(
                batch=batch,
                number=row.number,
                action=action,
                key="" if row.is_held else row.key,
                title=row.title[:200],
                changes=changes,
                messages=row.messages,
                cells=row.cells if action == RowAction.HELD else {},
                case=case,
            )
        )
    ImportRow.objects.bulk_create(rows)


def _hold_repeated(batch: CaseImport, chunk: list[Parsed], placed: Placed) -> None:
    """The second of two rows that are the same case is held back.

    That is also a row without an id that stands where one with an id does, or the other way
    round; two ids at one place are two cases.
    """
    wanted = {key for row in chunk for key in (row.key, row.place_key)}
    earlier = ImportRow.objects.filter(batch=batch, key__in=wanted)
    first = dict(earlier.values_list("key", "number"))
    for row in chunk:
        if row.is_held:
            continue
        found = first.get(row.key) or first.get(row.place_key)
        if not found and not row.id_key:
            found = placed.get(_short(row.place_key))
        if found:
            told = _("The same case stands in row %(n)s. Only that one is used.")
            row.tell("", told % {"n": found}, holds=True)
            continue
        first[row.key] = row.number
        if row.id_key:
            placed.setdefault(_short(row.place_key), row.number)


def _short(key: str) -> int:
    """Fifty thousand of them are to be remembered."""
    return int(key[2:18], 16)


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
    elsewhere = case.is_imported and not _is_ours(row, batch.committee)
    known = {"", case.status, case.source.get("status")}
    return elsewhere and row.status not in known and not case.status_changes.exists()


def _is_ours(row: Parsed, committee: Committee) -> bool:
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
    uids = [uid for row in chunk if (uid := _uid(row.given_id))]
    rows = UseCase.objects.filter(committee=committee, uid__in=uids, submitted_at__isnull=False)
    return {str(case.uid): case for case in rows.select_related("committee")}


def _uid(text: str) -> UUID | None:
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


# The import itself ------------------------------------------------------------------------


def run_import(batch: CaseImport, report: outbox.Report) -> None:
    """Take the rows in, each piece in a transaction of its own; goes on where it stopped."""
    if batch.state != ImportState.IMPORTING:
        return
    seen = 0
    with _table(batch) as table:
        for chunk in _chunks(table, batch):
            rows = [row for row in chunk if row.number > batch.rows_done]
            if rows:
                _take_in(batch, rows)
            seen += len(chunk)
            told = _("%(done)s of %(all)s rows") % {"done": seen, "all": batch.rows_read}
            report(told, 100 * seen // max(batch.rows_read, 1))
    with transaction.atomic():
        batch.state, batch.done_at = ImportState.DONE, timezone.now()
        batch.save(update_fields=["state", "done_at"])
        counts = counts_of(batch)
        audit.record(
            "usecases.finish_import", batch, by=batch.by, scope=batch.committee, data=counts
        )


def counts_of(batch: CaseImport) -> dict[str, int]:
    """How many rows became what."""
    rows = batch.rows.order_by().values_list("action").annotate(n=Count("pk"))
    return dict.fromkeys(RowAction.values, 0) | dict(rows)


@transaction.atomic
def _take_in(batch: CaseImport, chunk: list[Parsed]) -> None:
    # Two files with the same cases, at once: the second sees what the first has made.
    lock_numbers()
    kept = {
        row.number: row
        for row in ImportRow.objects.filter(batch=batch, number__in=[r.number for r in chunk])
    }
    taken = [row for row in chunk if kept[row.number].action != RowAction.HELD]
    known = matches(batch.committee, taken)
    new = []
    for row in taken:
        case, outcome = known.get(row.number), kept[row.number]
        outcome.action, outcome.changes = decide(row, case, batch)
        outcome.messages, outcome.case = row.messages, case
        if outcome.action == RowAction.NEW:
            new.append(row)
        elif outcome.action == RowAction.UPDATE and case is not None:
            _update_or_hold(row, case, outcome, batch)
        if outcome.action == RowAction.HELD:
            outcome.key, outcome.cells = "", row.cells
    for number, case in _create(new, batch).items():
        kept[number].case = case
    _remember(batch, taken, kept)
    _keep_outcomes(kept)
    batch.rows_done = chunk[-1].number
    batch.save(update_fields=["rows_done"])
    made = {
        "row": batch.rows_done,
        "new": [kept[row.number].case_id for row in new],
        "moved": [row.case_id for row in kept.values() if "status" in row.changes],
    }
    audit.record("usecases.import_rows", batch, by=batch.by, scope=batch.committee, data=made)


def _keep_outcomes(kept: dict[int, ImportRow]) -> None:
    """Written anew: an update of many rows with many values takes far longer."""
    ImportRow.objects.filter(pk__in=[row.pk for row in kept.values()]).delete()
    ImportRow.objects.bulk_create(kept.values())


def _update_or_hold(row: Parsed, case: UseCase, outcome: ImportRow, batch: CaseImport) -> None:
    """One row that cannot be saved stops none of the others."""
    try:
        with transaction.atomic():
            _update(row, case, outcome.changes, batch)
    except (NotAllowed, Refused, StaleState) as refusal:
        row.tell("", str(refusal.reason), holds=True)
        outcome.action, outcome.changes = RowAction.HELD, []


def _update(row: Parsed, case: UseCase, changes: list[str], batch: CaseImport) -> None:
    values = {key: row.values[key] for key in changes if key != "status"}
    source = source_of(row, batch)
    if values:
        save_values(case=case, values=values, version=case.version, by=batch.by)
    facts: dict[str, Any] = {"source": source}
    if "status" in changes:
        facts |= {"status": row.status, "status_since": timezone.now()}
        if row.status == Status.SUSPENDED:
            ran = case.status if case.status in (Status.PILOT, Status.OPERATION) else ""
            facts["previous_status"] = ran or Status.OPERATION
    UseCase.objects.filter(pk=case.pk).update(**facts)


def source_of(row: Parsed, batch: CaseImport) -> dict[str, Any]:
    """Where the case comes from."""
    return {
        "import": batch.pk,
        "file": batch.file.filename,
        "sha256": batch.file.sha256,
        "row": row.number,
        "reported": row.reported,
        "status": row.status,
        "id": row.given_id,
        "at": timezone.now().isoformat(timespec="seconds"),
        "by": batch.by_id,
        "unplaced": row.unplaced,
    }


def _create(rows: list[Parsed], batch: CaseImport) -> dict[int, UseCase]:
    """New cases with their first revision and their words, a few statements for all."""
    if not rows:
        return {}
    now = timezone.now()
    start, _dash, first = next_reference(timezone.localdate(now).year).rpartition("-")
    wanted = [uid for row in rows if (uid := _uid(row.given_id))]
    taken = set(UseCase.objects.filter(uid__in=wanted).values_list("uid", flat=True))
    made = []
    for place, row in enumerate(rows):
        case = _case(row, batch, now)
        case.reference = f"{start}-{int(first) + place:03d}"
        uid = _uid(row.given_id)
        if uid and uid not in taken:
            case.uid = uid
            taken.add(uid)
        made.append(case)
    UseCase.objects.bulk_create(made)
    Revision.objects.bulk_create(_revision(case, batch.by) for case in made)
    CaseWord.objects.bulk_create((word for case in made for word in words_of(case)), 2000)
    return dict(zip((row.number for row in rows), made, strict=True))


def _case(row: Parsed, batch: CaseImport, now: Any) -> UseCase:
    """A row of our own municipality has its way before it; one from elsewhere is where it is."""
    ours = _is_ours(row, batch.committee)
    case = UseCase(
        committee=batch.committee,
        record_ref=CURRENT,
        status=Status.SUBMITTED if ours else row.status or Status.SUBMITTED,
        previous_status=Status.OPERATION if row.status == Status.SUSPENDED and not ours else "",
        status_since=now,
        submitted_at=now,
        updated_at=now,
        created_at=now,
        revision=1,
        is_example=batch.is_example,
        source=source_of(row, batch),
    )
    answers = {}
    for key, value in row.values.items():
        if record().by_key[key].is_column:
            setattr(case, key, value)
        else:
            answers[key] = value.isoformat() if hasattr(value, "isoformat") else value
    case.answers = answers
    return case


def _revision(case: UseCase, by: Any) -> Revision:
    body = canonical_json({"record": case.record_ref, "fields": content_of(case)})
    return Revision(case=case, number=1, body=body.decode(), sha256=sha256_hex(body), by=by)


def _remember(batch: CaseImport, taken: list[Parsed], kept: dict[int, ImportRow]) -> None:
    keys = [
        ImportKey(committee=batch.committee, key=key, case_id=case_id)
        for row in taken
        if kept[row.number].action != RowAction.HELD and (case_id := kept[row.number].case_id)
        for key in (row.id_key, row.place_key)
        if key
    ]
    ImportKey.objects.bulk_create(keys, ignore_conflicts=True)
