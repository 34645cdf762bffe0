"""The archive package: gathered into a folder, made a bag, packed as a ZIP."""

import csv
import json
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.utils import timezone, translation

from core import outbox
from core.audit import GENESIS
from core.canonical import canonical_json
from core.files.names import extension, safe_filename
from core.models import AuditEntry, StoredFile, Work
from core.tables import guarded
from core.works import Made
from meetings.enums import DocumentKind, Edition, VersionKind
from meetings.models import Attachment, IssuedVersion, Meeting, RenderedDocument, Seal
from meetings.selectors.reading import kinds_of, printed_reading, stored_reading
from meetings.services.documents import find_document
from meetings.tasks.documents import document_bytes, sealed_file
from reports.archive import offline
from reports.archive.checking import check_package
from reports.archive.packing import make_bag, zip_folder
from reports.documents.archive_index import Document, edition_words, write_index
from reports.models import ArchivePackage
from reports.selectors.archive_scope import Scope, audit_rows
from reports.selectors.archive_tables import Table, tables
from reports.services.archive import closed_items_of, digest_of, held_rows, scope_of

LANGUAGE = "da"
README = Path(settings.BASE_DIR) / "reports" / "content" / "archive" / "LAES-MIG.txt"
ZIP = "application/zip"


DocumentSource = Callable[[Scope], Iterable[Document]]
SOURCES: list[DocumentSource] = []


def documents_from(source: DocumentSource) -> DocumentSource:
    """Let every package from now on hold the documents of `source`."""
    if source not in SOURCES:
        SOURCES.append(source)
    return source


def make_package(work: Work, report: outbox.Report) -> Made | None:
    """The package's ZIP at a path of its own; None when what it was asked for has changed."""
    package = ArchivePackage.objects.select_related("committee__municipality").get(work=work)
    scope = scope_of(package)
    with translation.override(LANGUAGE):
        is_current = work.key.endswith(digest_of(scope))
    if not is_current:
        # What is not made has no file to be checked: the page says that it is out of date.
        ArchivePackage.objects.filter(pk=package.pk).update(
            checked_at=timezone.now(), is_valid=False
        )
        return None
    with tempfile.TemporaryDirectory(prefix="arkiv-") as name, translation.override(LANGUAGE):
        folder = Path(name) / scope.name
        found = write_payload(scope, folder, report)
        target = pack(scope, folder)
    _remember(package, scope, found)
    return Made(target, f"{scope.name}.zip", ZIP)


def pack(scope: Scope, folder: Path) -> Path:
    """Bag, ZIP and check; raises when the package does not read back as it was written."""
    make_bag(folder, bag_info(scope))
    with new_file() as target:
        zip_folder(folder, target, day=scope.period_to)
        if not check_package(target).is_valid:
            raise OSError("the package does not read back as it was written")
    return target


@contextmanager
def new_file() -> Iterator[Path]:
    """A temporary ZIP that stays when it could be written, and only then."""
    with tempfile.NamedTemporaryFile(prefix="arkiv-", suffix=".zip", delete=False) as file:
        target = Path(file.name)
    try:
        yield target
    except BaseException:
        target.unlink()
        raise


def _remember(package: ArchivePackage, scope: Scope, found: list[Table]) -> None:
    ArchivePackage.objects.filter(pk=package.pk).update(
        holds=held_rows(found),
        closed_items=closed_items_of(scope),
        checked_at=None,
        is_valid=None,
    )


def bag_info(scope: Scope) -> dict[str, str]:
    """What the bag says about itself. No day of today: the same data is the same bag."""
    return {
        "Source-Organization": scope.committee.municipality.name,
        "External-Identifier": scope.name,
        "External-Description": f"{scope.committee.full_name}, {edition_words(scope)}",
        "Internal-Sender-Identifier": scope.committee.slug,
        "Coverage": f"{scope.period_from}/{scope.period_to}",
        "Bagging-Date": scope.period_to.isoformat(),
        "Bag-Software-Agent": "Udvalgsrum",
    }


# The payload --------------------------------------------------------------------------------


def write_payload(scope: Scope, folder: Path, report: outbox.Report) -> list[Table]:
    """Write everything that the package holds into `folder`; returns its tables."""
    folder.mkdir(parents=True)
    found = tables(scope)
    documents = [document for source in SOURCES for document in source(scope)]
    for place, document in enumerate(documents):
        report(document.title, 5 + 70 * place // len(documents))
        path = folder / document.path
        path.parent.mkdir(parents=True, exist_ok=True)
        document.write(path)
    report("", 80)
    for table in found:
        _write_table(table, folder / "data")
    _write_protocol(scope, folder / "protokol")
    _write_check(folder / "kontrol")
    (folder / "LAES-MIG.txt").write_text(_readme(scope), encoding="utf-8")
    write_index(scope, folder, documents, found)
    return found


def _write_table(table: Table, folder: Path) -> None:
    name = table.by.name
    for part in ("json", "csv", "skema"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    _write_json(folder / "json" / f"{name}.json", table.rows)
    _write_json(folder / "skema" / f"{name}.schema.json", table.schema)
    with (folder / "csv" / f"{name}.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(table.by.columns)
        writer.writerows([_cell(row[key]) for key in table.by.columns] for row in table.rows)


def _write_json(path: Path, data: Any) -> None:
    # Through the canonical form: times and numbers stand as they do in what is hashed.
    plain = json.loads(canonical_json(data))
    path.write_text(json.dumps(plain, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nej"
    text = value if isinstance(value, str | int) else canonical_json(value).decode()
    return guarded(str(text))


def _write_protocol(scope: Scope, folder: Path) -> None:
    """The rows about what is in the package, the hashes between them, and who quotes which."""
    if not scope.is_full:
        return
    folder.mkdir()
    seqs: list[int] = []
    with (folder / "raekker.jsonl").open("wb") as file:
        for entry in audit_rows(scope).iterator(chunk_size=2000):
            seqs.append(entry.seq)
            file.write(canonical_json(_audit_row(entry)) + b"\n")
    first, last = (seqs[0], seqs[-1]) if seqs else (1, 0)
    chain = AuditEntry.objects.filter(seq__gte=first - 1, seq__lte=last).order_by("seq")
    with (folder / "kaede.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["seq", "hash"])
        writer.writerows(chain.values_list("seq", "hash").iterator(chunk_size=2000))
    _write_json(folder / "ankre.json", _anchors(scope, first, last))


def _audit_row(entry: AuditEntry) -> dict[str, Any]:
    """The row with everything that its hash is made of (`core.audit.entry_hash`)."""
    return {
        "seq": entry.seq,
        "at": entry.at.astimezone(timezone.get_fixed_timezone(0)).isoformat(
            timespec="microseconds"
        ),
        "actor_id": entry.actor_id,
        "actor_name": entry.actor_name,
        "verb": entry.verb,
        "object": [entry.object_type, entry.object_id],
        "scope": [entry.scope_type, entry.scope_id],
        "data": entry.data,
        "prev_hash": entry.prev_hash,
        "hash": entry.hash,
    }


def _anchors(scope: Scope, first: int, last: int) -> dict[str, Any]:
    hashes = dict(AuditEntry.objects.filter(seq__in=[first, last]).values_list("seq", "hash"))
    seals = Seal.objects.filter(meeting__in=[one.pk for one in scope.meetings])
    return {
        "first": {"seq": first, "hash": hashes.get(first, GENESIS)},
        "last": {"seq": last, "hash": hashes.get(last, GENESIS)},
        "sealed": [
            {
                "meeting": row.meeting_id,
                "version": row.version.number,
                "record_sha256": row.sha256,
                "seq": row.audit_seq,
                "hash": row.audit_hash,
            }
            for row in seals.select_related("version").order_by("audit_seq")
        ],
    }


def _write_check(folder: Path) -> None:
    folder.mkdir()
    shutil.copyfile(offline.__file__, folder / "efterproev.py")


def _readme(scope: Scope) -> str:
    closed = (
        "Lukkede punkter er med i deres helhed: pakken er ikke offentlig."
        if scope.is_full
        else "Af lukkede punkter står kun nummer, offentlig overskrift og offentlig beslutning."
    )
    return README.read_text(encoding="utf-8").format(
        committee=scope.committee.full_name,
        municipality=scope.committee.municipality.name,
        period_from=scope.period_from,
        period_to=scope.period_to,
        edition=edition_words(scope),
        closed=closed,
    )


# Documents of the meetings ---------------------------------------------------------------------


@documents_from
def meeting_documents(scope: Scope) -> Iterator[Document]:
    """Agendas, minutes and their records, and the attachments that the record names."""
    for meeting in scope.meetings:
        made = _full_documents(scope, meeting) if scope.is_full else _public(scope, meeting)
        yield from made
        yield from _attachments(scope, meeting)


def folder_of(meeting: Meeting) -> str:
    day = timezone.localtime(meeting.starts_at).date()
    return f"moeder/{meeting.number:03d}-{day}"


def _full_documents(scope: Scope, meeting: Meeting) -> Iterator[Document]:
    """Every version as it was issued; of minutes not yet locked the newest only."""
    versions = scope.versions.get(meeting.pk, [])
    minutes = [one for one in versions if one.kind == VersionKind.MINUTES]
    for version in versions:
        stem, title = _stem(version)
        base = f"{folder_of(meeting)}/{stem}"
        frozen = version.body.encode()
        data = _bytes(f"{base}.json", f"{title} (data)", meeting, frozen)
        sealed = version.seals.exists()
        if version.kind == VersionKind.AGENDA or sealed or version == minutes[-1]:
            mark = "-forseglet" if sealed else ""
            title = f"{title}, forseglet" if sealed else title
            yield Document(
                f"{base}{mark}.pdf", title, meeting.title, _writer(meeting, version, sealed)
            )
        yield data


def _stem(version: IssuedVersion) -> tuple[str, str]:
    if version.kind == VersionKind.AGENDA:
        return f"dagsorden-{version.number}", f"Dagsorden, version {version.number}"
    return f"referat-{version.number}", f"Referat, version {version.number}"


def _writer(meeting: Meeting, version: IssuedVersion, sealed: bool) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        stored = _stored(version)
        if stored:
            return _copy(stored, path)
        reading = stored_reading(meeting, version, Edition.FULL, [])
        kind = DocumentKind(version.kind)
        data = sealed_file(kind, reading) if sealed else None
        path.write_bytes(data or document_bytes(kind, reading))
        return None

    return write


def _stored(version: IssuedVersion) -> StoredFile | None:
    """The members' PDF as it was first made; later ones may wear another colour."""
    rows = RenderedDocument.objects.filter(
        version=version, kind=version.kind, edition=Edition.FULL, without=[], file__isnull=False
    )
    found = rows.select_related("file").order_by("pk").first()
    return found.file if found else None


def _public(scope: Scope, meeting: Meeting) -> Iterator[Document]:
    """What citizens read today: what has been closed since is closed here."""
    read = scope.readings.get(meeting.pk)
    for kind in kinds_of(read) if read else ():
        if read is None or kind == DocumentKind.PACK:
            continue
        printed = printed_reading(read, kind)
        number = printed.snapshot["version"]["number"]
        stem = f"dagsorden-{number}" if kind == DocumentKind.AGENDA else f"referat-{number}"
        title = f"{'Dagsorden' if kind == DocumentKind.AGENDA else 'Referat'}, version {number}"
        base = f"{folder_of(meeting)}/{stem}"

        def write(path: Path, kind: str = kind, printed: Any = printed) -> None:
            document = find_document(kind, printed)
            if document and document.file:
                return _copy(document.file, path)
            data = sealed_file(kind, printed)
            path.write_bytes(data or document_bytes(kind, printed))
            return None

        yield Document(f"{base}.pdf", title, meeting.title, write)
        yield _bytes(f"{base}.json", f"{title} (data)", meeting, canonical_json(printed.snapshot))


def _attachments(scope: Scope, meeting: Meeting) -> Iterator[Document]:
    read = scope.readings.get(meeting.pk)
    rows = [row for item in (read.items if read else []) for row in item["attachments"]]
    files = Attachment.objects.select_related("file").in_bulk([row["id"] for row in rows])
    for row in rows:
        if row["id"] not in files:
            continue
        file = files[row["id"]].file
        yield Document(
            f"{folder_of(meeting)}/bilag/{_attachment_name(row)}",
            f"Bilag {row['number']}: {row['title']}",
            meeting.title,
            partial(_copy, file),
        )


def _attachment_name(row: dict[str, Any]) -> str:
    """Short and plain, so that it unpacks everywhere; the title stands in the index."""
    tail = extension(safe_filename(row["filename"]))
    plain = "".join(letter for letter in tail if letter.isascii() and letter.isalnum())
    return f"bilag-{row['number']}-{row['id']}" + (f".{plain[:8]}" if plain else "")


def _copy(file: StoredFile, path: Path) -> None:
    with default_storage.open(file.path) as source, path.open("wb") as out:
        shutil.copyfileobj(source, out, 1 << 20)


def _bytes(path: str, title: str, meeting: Meeting, data: bytes) -> Document:
    return Document(path, title, meeting.title, lambda target: _put(target, data))


def _put(path: Path, data: bytes) -> None:
    path.write_bytes(data)
