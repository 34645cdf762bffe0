"""The rows of a file become cases: one piece, one transaction."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from core import audit
from core.canonical import canonical_json, sha256_hex
from core.verdicts import NotAllowed, Refused, StaleState
from usecases.enums import Status
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
from usecases.record import CURRENT, record
from usecases.services.import_matching import decide, is_ours, matches, uid_of
from usecases.services.import_rows import Parsed
from usecases.services.moves import lock_numbers, next_reference
from usecases.services.texts import content_of, save_values
from usecases.services.words import words_of

# Number of the row → what is kept of it.
Outcomes = dict[int, ImportRow]


@transaction.atomic
def take_in(batch: CaseImport, chunk: list[Parsed]) -> None:
    """Make and change the cases of the rows that nobody has taken in yet, and note how far it is.

    The lock comes before every look: of two files with the same cases the second sees what the
    first has made, and of two workers with the same file the second leaves what the first took.
    """
    lock_numbers()
    rows = _waiting(batch, chunk)
    if not rows:
        return
    kept = _outcomes(batch, rows)
    taken = [row for row in rows if kept[row.number].action != RowAction.HELD]
    new = _decide_anew(batch, taken, kept)
    for number, case in _create(new, batch).items():
        kept[number].case = case
    _remember(batch, taken, kept)
    _keep_outcomes(kept)
    batch.rows_done = rows[-1].number
    batch.save(update_fields=["rows_done"])
    _record(batch, [row.number for row in new], kept)


def _waiting(batch: CaseImport, chunk: list[Parsed]) -> list[Parsed]:
    """What the table says now; what the worker read of the batch may be old."""
    rows = CaseImport.objects.select_for_update().values_list("state", "rows_done")
    state, batch.rows_done = rows.get(pk=batch.pk)
    if state != ImportState.IMPORTING:
        return []
    return [row for row in chunk if row.number > batch.rows_done]


def _outcomes(batch: CaseImport, rows: list[Parsed]) -> Outcomes:
    found = ImportRow.objects.filter(batch=batch, number__in=[row.number for row in rows])
    return {row.number: row for row in found}


def _decide_anew(batch: CaseImport, taken: list[Parsed], kept: Outcomes) -> list[Parsed]:
    """The register may have changed since the preview. Updates what is known, returns the new."""
    known = matches(batch.committee, taken)
    for row in taken:
        case, outcome = known.get(row.number), kept[row.number]
        outcome.action, outcome.changes = decide(row, case, batch)
        outcome.messages, outcome.case = row.messages, case
        if outcome.action == RowAction.UPDATE and case is not None:
            _update_or_hold(row, case, outcome, batch)
        if outcome.action == RowAction.HELD:
            outcome.key, outcome.cells = "", row.cells
    return [row for row in taken if kept[row.number].action == RowAction.NEW]


def _record(batch: CaseImport, new: list[int], kept: Outcomes) -> None:
    made = {
        "row": batch.rows_done,
        "new": [kept[number].case_id for number in new],
        "moved": [row.case_id for row in kept.values() if "status" in row.changes],
    }
    audit.record("usecases.import_rows", batch, by=batch.by, scope=batch.committee, data=made)


def _keep_outcomes(kept: Outcomes) -> None:
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
    made = [_case(row, batch, now) for row in rows]
    _give_numbers(made, now)
    _give_ids(made, rows)
    UseCase.objects.bulk_create(made)
    Revision.objects.bulk_create(_revision(case, batch.by) for case in made)
    CaseWord.objects.bulk_create((word for case in made for word in words_of(case)), 2000)
    return dict(zip((row.number for row in rows), made, strict=True))


def _give_numbers(cases: list[UseCase], now: datetime) -> None:
    start, _dash, first = next_reference(timezone.localdate(now).year).rpartition("-")
    for place, case in enumerate(cases):
        case.reference = f"{start}-{int(first) + place:03d}"


def _give_ids(cases: list[UseCase], rows: list[Parsed]) -> None:
    """A case keeps the id it came with, unless another case has it."""
    wanted = [uid for row in rows if (uid := uid_of(row.given_id))]
    taken = set(UseCase.objects.filter(uid__in=wanted).values_list("uid", flat=True))
    for case, row in zip(cases, rows, strict=True):
        uid = uid_of(row.given_id)
        if uid and uid not in taken:
            case.uid = uid
            taken.add(uid)


def _case(row: Parsed, batch: CaseImport, now: datetime) -> UseCase:
    """A row of our own municipality has its way before it; one from elsewhere is where it is."""
    ours = is_ours(row, batch.committee)
    return UseCase(
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
        **_values(row),
    )


def _values(row: Parsed) -> dict[str, Any]:
    """The columns of a case, and the answers that have none."""
    columns: dict[str, Any] = {}
    answers: dict[str, Any] = {}
    for key, value in row.values.items():
        if record().by_key[key].is_column:
            columns[key] = value
        else:
            answers[key] = value.isoformat() if hasattr(value, "isoformat") else value
    return columns | {"answers": answers}


def _revision(case: UseCase, by: Any) -> Revision:
    body = canonical_json({"record": case.record_ref, "fields": content_of(case)})
    return Revision(case=case, number=1, body=body.decode(), sha256=sha256_hex(body), by=by)


def _remember(batch: CaseImport, taken: list[Parsed], kept: Outcomes) -> None:
    keys = [
        ImportKey(committee=batch.committee, key=key, case_id=case_id)
        for row in taken
        if kept[row.number].action != RowAction.HELD and (case_id := kept[row.number].case_id)
        for key in (row.id_key, row.place_key)
        if key
    ]
    ImportKey.objects.bulk_create(keys, ignore_conflicts=True)
