"""Files with cases: kept, read in a preview, and taken in bit by bit by the worker."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import BinaryIO, cast

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from committee.models import Committee, User
from core import audit, outbox
from core.files.errors import BadFile
from core.files.names import extension, safe_filename
from core.store import store_bytes
from core.verdicts import Refused, StaleState
from usecases import policies
from usecases.exchange.reading import Table, check_size, open_table
from usecases.models import (
    CaseImport,
    ImportRow,
    ImportState,
    RowAction,
    UseCase,
)
from usecases.services.import_matching import decide, matches
from usecases.services.import_rows import Parsed, column_of, parse_row
from usecases.services.import_taking import take_in

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
    ImportRow.objects.bulk_create(_row(batch, row, known.get(row.number)) for row in chunk)


def _row(batch: CaseImport, row: Parsed, case: UseCase | None) -> ImportRow:
    action, changes = decide(row, case, batch)
    return ImportRow(
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


# The import itself ------------------------------------------------------------------------


def run_import(batch: CaseImport, report: outbox.Report) -> None:
    """Take the rows in, each piece in a transaction of its own; goes on where it stopped."""
    if batch.state != ImportState.IMPORTING:
        return
    seen = 0
    with _table(batch) as table:
        for chunk in _chunks(table, batch):
            if chunk[-1].number > batch.rows_done:
                take_in(batch, chunk)
            seen += len(chunk)
            told = _("%(done)s of %(all)s rows") % {"done": seen, "all": batch.rows_read}
            report(told, 100 * seen // max(batch.rows_read, 1))
    _finish(batch)


@transaction.atomic
def _finish(batch: CaseImport) -> None:
    """Once, also when two workers come to the end."""
    running = CaseImport.objects.filter(pk=batch.pk, state=ImportState.IMPORTING)
    if running.update(state=ImportState.DONE, done_at=timezone.now()):
        audit.record(
            "usecases.finish_import",
            batch,
            by=batch.by,
            scope=batch.committee,
            data=counts_of(batch),
        )
    batch.refresh_from_db(fields=["state", "done_at"])


def counts_of(batch: CaseImport) -> dict[str, int]:
    """How many rows became what."""
    rows = batch.rows.order_by().values_list("action").annotate(n=Count("pk"))
    return dict.fromkeys(RowAction.values, 0) | dict(rows)
