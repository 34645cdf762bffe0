"""The folder that the municipality's case system takes in: documents, and metadata as XML."""

import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from lxml import etree

from core import outbox
from core.canonical import sha256_hex
from core.models import Work
from core.works import Made
from meetings.enums import Access, Edition
from meetings.models import Meeting
from reports.archive.packing import zip_folder
from reports.documents.archive import Document, meeting_documents, new_file
from reports.selectors.archive_scope import Scope
from reports.selectors.esdh import key_of, scope_of

NAMESPACE = "urn:udvalgsrum:esdh:1"
SCHEMA = Path(settings.BASE_DIR) / "reports" / "schemas" / "esdh.xsd"
# What XML 1.0 cannot hold, however it is escaped.
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
TYPES = {"dagsorden": "Dagsorden", "referat": "Referat", "bilag": "Bilag"}


@dataclass(frozen=True)
class Entry:
    """A document as the case system is told of it."""

    name: str
    title: str
    kind: str
    day: date
    closed: bool
    grounds: list[str]
    cases: list[str]
    media_type: str
    version: int | None = None


def make_hand_off(work: Work, report: outbox.Report) -> Made | None:
    """The folder as a ZIP at a path of its own; None when the meeting has changed since."""
    meeting = Meeting.objects.select_related("committee__municipality", "rule_profile").get(
        pk=work.params["meeting"]
    )
    if key_of(meeting) != work.key:
        return None
    with tempfile.TemporaryDirectory(prefix="esdh-") as name, translation.override("da"):
        folder = Path(name) / work.title.removesuffix(".zip")
        folder.mkdir()
        write_folder(meeting, folder, report)
        with new_file() as target:
            zip_folder(folder, target, day=timezone.localtime(meeting.starts_at).date())
    return Made(target, work.title, "application/zip")


def write_folder(meeting: Meeting, folder: Path, report: outbox.Report) -> None:
    """Documents, `metadata.xml` and the schema that it was validated with."""
    written: list[Entry] = []
    found = [(scope, document) for scope in _scopes(meeting) for document in _chosen(scope)]
    for place, (scope, document) in enumerate(found):
        report(document.title, 5 + 80 * place // len(found))
        entry = _entry(scope, meeting, document)
        document.write(folder / entry.name)
        written.append(entry)
    data = metadata(meeting, written, folder)
    (folder / "metadata.xml").write_bytes(data)
    (folder / "metadata.xsd").write_bytes(SCHEMA.read_bytes())


def _scopes(meeting: Meeting) -> list[Scope]:
    """Both editions: the case system publishes the one and keeps the other."""
    return [scope_of(meeting, edition) for edition in (Edition.FULL, Edition.PUBLIC)]


def _chosen(scope: Scope) -> Iterator[Document]:
    """Of the public edition what the full one does not have already: the attachments are there."""
    for document in meeting_documents(scope):
        if document.path.endswith(".json") or (not scope.is_full and "/bilag/" in document.path):
            continue
        yield document


def _entry(scope: Scope, meeting: Meeting, document: Document) -> Entry:
    name = document.path.rpartition("/")[2]
    kind = TYPES[name.partition("-")[0]]
    if kind == "Bilag":
        return _attachment(scope, meeting, document, name)
    items = [item for _meeting, item in scope.item_rows()]
    shut = [item for item in items if item["access"] == Access.CLOSED and scope.is_full]
    version = int(name.split("-")[1].split(".")[0])
    stem, dot, tail = name.rpartition(".")
    mark = "" if scope.is_full else "-offentlig"
    title = document.title if scope.is_full else f"{document.title}, offentlig udgave"
    return Entry(
        name=f"{stem}{mark}{dot}{tail}",
        title=f"{meeting.title}: {title}",
        kind=kind,
        day=_day(scope, meeting, kind, version),
        closed=bool(shut),
        grounds=sorted({_ground(item) for item in shut}),
        cases=sorted({item["case_id"] for item in items if item.get("case_id")}),
        media_type="application/pdf",
        version=version,
    )


def _attachment(scope: Scope, meeting: Meeting, document: Document, name: str) -> Entry:
    """An attachment is as open as it is itself; the ground is its item's."""
    for _meeting, item in scope.item_rows():
        for row in item["attachments"]:
            if name.startswith(f"bilag-{row['number']}-{row['id']}"):
                closed = row["access"] == Access.CLOSED
                return Entry(
                    name=name,
                    title=document.title,
                    kind="Bilag",
                    day=timezone.localtime(meeting.starts_at).date(),
                    closed=closed,
                    grounds=[_ground(item)] if closed else [],
                    cases=[item["case_id"]] if item.get("case_id") else [],
                    media_type=row["media_type"],
                )
    raise LookupError(name)


def _ground(item: dict[str, Any]) -> str:
    """A file may be closed on an open item, which has no ground of its own."""
    return (item.get("closing") or {}).get("ground") or "Lukket bilag"


def _day(scope: Scope, meeting: Meeting, kind: str, number: int) -> date:
    wanted = "agenda" if kind == "Dagsorden" else "minutes"
    for row in scope.versions.get(meeting.pk, []):
        if row.kind == wanted and row.number == number:
            return timezone.localtime(row.issued_at).date()
    return timezone.localtime(meeting.starts_at).date()


# The XML ------------------------------------------------------------------------------------


def metadata(meeting: Meeting, entries: list[Entry], folder: Path) -> bytes:
    """The XML, always the same for the same documents. Raises when the schema refuses it."""
    root = etree.Element(_tag("Aflevering"), nsmap={None: NAMESPACE}, version="1")
    _add(root, "Myndighed", meeting.committee.municipality.name)
    _add(root, "Udvalg", meeting.committee.full_name)
    about = etree.SubElement(root, _tag("Moede"))
    _add(about, "Moedenummer", str(meeting.number))
    _add(about, "Moedetitel", meeting.title)
    _add(about, "Moededato", timezone.localtime(meeting.starts_at).date().isoformat())
    _add(about, "Sted", meeting.place)
    rows = etree.SubElement(root, _tag("Dokumenter"))
    for entry in entries:
        _document(rows, entry, (folder / entry.name).read_bytes())
    schema().assertValid(root)
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True))


def schema() -> Any:
    return etree.XMLSchema(etree.fromstring(SCHEMA.read_bytes()))


def _document(rows: Any, entry: Entry, data: bytes) -> None:
    row = etree.SubElement(rows, _tag("Dokument"), filnavn=entry.name)
    for case in entry.cases:
        _add(row, "Sagsnummer", case)
    _add(row, "Dokumenttitel", entry.title)
    _add(row, "Dokumenttype", entry.kind)
    _add(row, "Dokumentdato", entry.day.isoformat())
    if entry.version:
        _add(row, "Version", str(entry.version))
    _add(row, "Adgang", "Lukket" if entry.closed else "Åben")
    for ground in entry.grounds:
        _add(row, "Fortrolighedsgrund", ground)
    _add(row, "Medietype", entry.media_type)
    _add(row, "Stoerrelse", str(len(data)))
    _add(row, "Sha256", sha256_hex(data))


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _add(parent: Any, name: str, text: str) -> None:
    etree.SubElement(parent, _tag(name)).text = NOT_XML.sub("", text)
