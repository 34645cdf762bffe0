"""Packages for the archive: what is in them, that they are always the same, and who may."""

import csv
import hashlib
import io
import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import bagit
import pikepdf
import pytest
from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from committee.models import User
from core import audit, outbox
from core.documents.validation import validate_ua
from core.models import AuditEntry, Work
from core.verdicts import NotAllowed, Refused
from core.works import maker_of
from meetings.models import AgendaItem, Disqualification, SealedFile
from reports.archive.checking import MISSING, check_package
from reports.selectors.archive_tables import CONTRIBUTORS
from reports.services.archive import KIND, check_stored
from reports.verbs import WORDS
from tests.factories import person
from tests.meetings.scenes import CLOSED
from tests.reports.archive_scenes import (
    SECRETS,
    ask,
    file_of,
    held_meeting,
    made,
    members,
    repack,
    stored_path,
    unpack,
)

pytestmark = pytest.mark.django_db
PDF = b"%PDF-"
FRESH = """
import django
django.setup()
from reports.services.archive import tables
from reports.selectors.archive_registry import CONTRIBUTORS
print(*CONTRIBUTORS)
"""


@pytest.fixture
def scene():
    return held_meeting()


@dataclass
class Built:
    """Both packages as bytes, for the tests that only look into them."""

    full: bytes
    public: bytes
    sealed: bytes
    record: str
    anchor: str
    hashes: set[str]
    facts: dict


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker, tmp_path_factory):
    """One meeting for all of them; making its PDFs is what takes time."""
    media = tmp_path_factory.mktemp("arkiv")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=media), transaction.atomic():
        scene = held_meeting()
        full, public = made(scene), made(scene, "public")
        sealed = SealedFile.objects.get(edition="full")
        found = Built(
            full=file_of(full).read(),
            public=file_of(public).read(),
            sealed=sealed.file.read(),
            record=sealed.seal.sha256,
            anchor=sealed.seal.audit_hash,
            hashes={audit.entry_hash(one) for one in AuditEntry.objects.all()},
            facts={
                "meeting": scene.meeting.pk,
                "title": scene.meeting.title,
                "body": scene.committee.full_name,
                "day": timezone.localtime(scene.meeting.starts_at).date(),
                "closed": scene.closed.pk,
                "holds": full.holds,
                "closed_items": full.closed_items,
                "public_closed": public.closed_items,
                "to": full.period_to,
                "name": file_of(full).filename.removesuffix(".zip"),
            },
        )
        transaction.set_rollback(True)
    return found


def test_a_package_is_a_valid_bag_with_sha512(built, tmp_path) -> None:
    bag = bagit.Bag(str(unpack(built.full, tmp_path)))

    assert bag.validate()
    assert bag.algorithms == ["sha512"]
    assert bag.info["Bagging-Date"] == str(built.facts["to"])
    assert built.facts["holds"]["meetings.Meeting"] == [built.facts["meeting"]]
    assert built.facts["closed_items"] == [built.facts["closed"]]


def test_the_full_edition_holds_the_sealed_file_as_it_is_stored(built) -> None:
    held = members(built.full)
    folder = f"data/moeder/001-{built.facts['day']}"

    assert held[f"{folder}/referat-2-forseglet.pdf"] == built.sealed
    record = held[f"{folder}/referat-2.json"]
    assert hashlib.sha256(record).hexdigest() == built.record
    assert held[f"{folder}/dagsorden-1.pdf"].startswith(PDF)
    assert sum(name.startswith(f"{folder}/bilag/") for name in held) == 2


def test_data_fits_its_schema_and_csv_has_the_same_rows(built) -> None:
    held = members(built.full)

    for name, table in CONTRIBUTORS.items():
        rows = json.loads(held[f"data/data/json/{name}.json"])
        schema = json.loads(held[f"data/data/skema/{name}.schema.json"])
        Draft202012Validator(schema).validate(rows)
        text = held[f"data/data/csv/{name}.csv"].decode("utf-8-sig")
        lines = list(csv.reader(io.StringIO(text), delimiter=";"))
        assert lines[0] == list(table.columns)
        assert len(lines) == len(rows) + 1
    decisions = json.loads(held["data/data/json/beslutninger.json"])
    assert [row["text"] for row in decisions] == ["Åben beslutning", "HEMMELIGBESLUTNING"]


def test_the_same_data_gives_the_same_bytes(scene) -> None:
    package = made(scene)
    first = file_of(package).read()
    work = package.work

    again = maker_of(KIND).make(work, lambda step, share: None)

    assert again is not None
    assert isinstance(again.data, Path)
    second = again.data.read_bytes()
    again.data.unlink()
    assert first == second
    assert ask(scene).pk == package.pk


def test_another_decision_is_another_package(scene) -> None:
    package = made(scene)
    type(scene.committee).objects.update(full_name="Et andet navn")
    scene.committee.refresh_from_db()

    assert ask(scene).pk != package.pk


def test_a_package_whose_data_changed_while_it_waited_is_not_made(scene) -> None:
    package = ask(scene)
    type(scene.committee).objects.update(full_name="Et andet navn")

    assert maker_of(KIND).make(Work.objects.get(pk=package.work_id), lambda s, n: None) is None
    outbox.drain()
    type(scene.committee).objects.update(full_name=scene.committee.full_name)
    again = made(scene)
    assert (again.pk, again.is_made, again.is_valid) == (package.pk, True, None)


def test_the_public_edition_holds_nothing_of_the_closed_item(built) -> None:
    held = members(built.public)

    found = {
        name
        for name, data in held.items()
        for secret in SECRETS
        if secret in name.encode() or secret in data or secret in text_of(data)
    }

    assert found == set()
    assert built.facts["public_closed"] == []
    assert not any(name.startswith("data/protokol/") for name in held)
    items = json.loads(held["data/data/json/punkter.json"])
    assert [row["title"] for row in items] == ["Åbent punkt", "Udbud af et fagsystem"]
    decisions = json.loads(held["data/data/json/beslutninger.json"])
    assert decisions[1]["public_text"] == "Offentlig beslutning"


def text_of(data: bytes) -> bytes:
    """What a reader or a program sees of a PDF."""
    if not data.startswith(PDF):
        return b""
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    pages = [document[n].get_textpage().get_text_bounded() for n in range(len(document))]
    with pikepdf.open(io.BytesIO(data)) as pdf:
        inside = [part.get_file().read_bytes() for part in pdf.attachments.values()]
        about = str(pdf.open_metadata()) + str(dict(pdf.docinfo))
    return "\n".join([*pages, about]).encode() + b"".join(inside)


def test_the_full_edition_is_where_the_canary_is_found(built) -> None:
    """The control of the test above."""
    held = members(built.full)
    folder = next(name for name in held if name.endswith("-forseglet.pdf"))

    assert b"HEMMELIGBESLUTNING" in text_of(held[folder])


def test_a_closed_item_is_closed_in_the_public_edition_from_then_on() -> None:
    """It was open when the minutes were published; the package follows today's access."""
    from tests.meetings.scenes import CLOSED

    scene = held_meeting()
    item = type(scene.opened).objects.get(pk=scene.opened.pk)
    type(item).objects.filter(pk=item.pk).update(**CLOSED)

    held = members(file_of(made(scene, "public")).read())

    assert "Åben beslutning" not in held["data/data/json/beslutninger.json"].decode()


def test_the_index_is_readable(built) -> None:
    held = members(built.full)
    page, text = held["data/index.html"].decode(), text_of(held["data/index.pdf"]).decode()

    assert built.facts["body"] in page
    assert built.facts["title"] in page
    assert built.facts["title"] in text
    assert all(f'href="{name.removeprefix("data/")}"' in page for name in held if "/bilag/" in name)


def test_the_index_and_the_sealed_minutes_are_pdf_a(built) -> None:
    held = members(built.full)
    sealed = next(name for name in held if name.endswith("-forseglet.pdf"))

    for name in ("data/index.pdf", sealed):
        assert (validate_ua(held[name]), validate_ua(held[name], profile="3a")) == ([], [])


def test_the_package_checks_itself_without_the_product(built, tmp_path) -> None:
    bag = unpack(built.full, tmp_path)
    script = bag / "data/kontrol/efterproev.py"

    whole = subprocess.run(
        [sys.executable, "-I", script], check=False, capture_output=True, text=True
    )
    rows = bag / "data/protokol/raekker.jsonl"
    rows.write_text(rows.read_text().replace("meetings.add_item", "meetings.xdd_item", 1))
    broken = subprocess.run(
        [sys.executable, "-I", script], check=False, capture_output=True, text=True
    )

    assert (whole.returncode, whole.stdout[:3]) == (0, "OK:")
    assert broken.returncode == 1
    assert "data/protokol/raekker.jsonl: the file is not what was packed" in broken.stdout
    assert "of the protocol has been altered" in broken.stdout


def test_the_rows_of_the_protocol_lead_to_the_anchors(built) -> None:
    held = members(built.full)
    rows = [json.loads(line) for line in held["data/protokol/raekker.jsonl"].splitlines()]
    anchors = json.loads(held["data/protokol/ankre.json"])

    assert {row["hash"] for row in rows} <= built.hashes
    assert anchors["last"] == {"seq": rows[-1]["seq"], "hash": rows[-1]["hash"]}
    assert anchors["sealed"][0]["hash"] == built.anchor
    assert built.anchor in {row["hash"] for row in rows}


def test_no_package_of_a_period_without_meetings_is_wrong(scene) -> None:
    package = made(scene, period_from=date(2020, 1, 1), period_to=date(2020, 12, 31))

    assert package.holds["meetings.Meeting"] == []
    assert check_stored(package).is_valid


# Reading -----------------------------------------------------------------------------------------


def test_a_stored_package_is_checked_and_what_came_of_it_is_remembered(scene) -> None:
    package = made(scene)

    assert check_stored(package).faults == []

    package.refresh_from_db()
    assert package.is_valid is True
    path = stored_path(package)
    data = bytearray(path.read_bytes())
    data[data.index(b"HEMMELIGBESLUTNING")] ^= 1
    path.write_bytes(data)
    check_stored(package)
    package.refresh_from_db()
    assert package.is_valid is False
    assert len(package.faults) == 1
    path.unlink()
    assert not check_stored(package).is_valid


def test_any_flipped_byte_of_any_file_is_found_and_named(built, tmp_path) -> None:
    whole = built.full
    spans = spans_of(whole)

    @given(st.data())
    @settings(max_examples=40, suppress_health_check=list(HealthCheck), deadline=None)
    def flip(data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(spans)))
        begin, end = spans[name]
        place = data.draw(st.integers(begin, end - 1))
        bit = data.draw(st.integers(0, 7))
        damaged = bytearray(whole)
        damaged[place] ^= 1 << bit
        path = tmp_path / "damaged.zip"
        path.write_bytes(damaged)

        checked = check_package(path)

        assert name in {fault.name for fault in checked.faults}

    flip()


def spans_of(data: bytes) -> dict[str, tuple[int, int]]:
    """Name → where its bytes lie in the ZIP (nothing is compressed)."""
    import struct
    import zipfile

    found = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for entry in archive.infolist():
            head = data[entry.header_offset : entry.header_offset + 30]
            name, extra = struct.unpack("<HH", head[26:30])
            begin = entry.header_offset + 30 + name + extra
            if entry.file_size:
                found[entry.filename.partition("/")[2]] = (begin, begin + entry.file_size)
    return found


@pytest.mark.parametrize(
    "name", ["manifest-sha512.txt", "tagmanifest-sha512.txt", "bag-info.txt", "bagit.txt"]
)
def test_a_tampered_manifest_is_found(name, built, tmp_path) -> None:
    whole = built.full
    text = members(whole)[name].decode()
    changed = text.replace("0", "1", 1) if "manifest" in name else text.replace("U", "V", 1)
    path = tmp_path / "p.zip"
    path.write_bytes(repack(whole, {name: changed.encode()}))

    checked = check_package(path)

    assert not checked.is_valid
    assert any(fault.name for fault in checked.faults)


def test_a_file_and_its_line_changed_together_are_found_by_the_manifest_of_manifests(
    built, tmp_path
) -> None:
    whole = built.full
    held = members(whole)
    old = hashlib.sha512(held["data/LAES-MIG.txt"]).hexdigest()
    new = hashlib.sha512(b"Noget andet").hexdigest()
    manifest = held["manifest-sha512.txt"].replace(old.encode(), new.encode())
    path = tmp_path / "p.zip"
    changes = {"data/LAES-MIG.txt": b"Noget andet", "manifest-sha512.txt": manifest}
    path.write_bytes(repack(whole, changes))

    assert "manifest-sha512.txt" in {fault.name for fault in check_package(path).faults}


def test_a_missing_file_and_one_too_many_are_named(built, tmp_path) -> None:
    whole = built.full
    top = f"{built.facts['name']}/data/ekstra.txt"
    path = tmp_path / "p.zip"
    path.write_bytes(repack(whole, {"data/LAES-MIG.txt": None}, {top: b"x"}))

    checked = check_package(path)

    faults = {fault.name: fault.why for fault in checked.faults}
    assert set(faults) == {"data/LAES-MIG.txt", "data/ekstra.txt"}
    assert faults["data/LAES-MIG.txt"] == MISSING


@pytest.mark.parametrize(
    "name",
    ["../ude.txt", "/ude.txt", "top/../../ude.txt", "top\\..\\ude.txt", "c:/ude.txt", "top//x"],
)
def test_no_name_leads_out_of_the_package(name, built, tmp_path) -> None:
    whole = built.full
    inside = tmp_path / "a" / "b"
    inside.mkdir(parents=True)
    path = inside / "p.zip"
    path.write_bytes(repack(whole, {}, {name: b"x"}))

    checked = check_package(path)

    assert not checked.is_valid
    assert list(tmp_path.rglob("ude.txt")) == []


def test_links_bursting_and_random_files_are_refused(tmp_path) -> None:
    import zipfile

    link, bomb, noise = (tmp_path / name for name in ("l.zip", "b.zip", "n.zip"))
    with zipfile.ZipFile(link, "w") as archive:
        entry = zipfile.ZipInfo("top/link")
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("top/data/x", b"\0" * 50_000_000)
    noise.write_bytes(b"ikke en zip")

    assert [check_package(one).is_valid for one in (link, bomb, noise)] == [False] * 3


def test_a_process_that_has_made_nothing_yet_knows_every_table() -> None:
    told = subprocess.run(
        [sys.executable, "-c", FRESH], capture_output=True, text=True, check=True, timeout=120
    )

    assert told.stdout.split() == list(CONTRIBUTORS)


# Who ------------------------------------------------------------------------------------------


def test_only_the_secretariat_asks_for_the_full_edition(scene) -> None:
    for user in (scene.chair, scene.member, scene.follower, scene.outsider):
        with pytest.raises(NotAllowed):
            ask(scene, by=scene.again(user))


def test_a_disqualified_secretary_does_not_open_the_full_edition(scene) -> None:
    from reports.policies.archive import can_open

    package = made(scene)
    assert can_open(scene.again(scene.secretary), package)
    Disqualification.objects.create(
        item=scene.closed, member=scene.secretary, grounds="Nabo", declared_by=scene.secretary
    )

    assert not can_open(scene.again(scene.secretary), package)
    assert can_open(scene.again(scene.secretary), made(scene, "public"))


def test_an_item_that_is_closed_afterwards_is_closed_in_the_packages_that_were_made(scene) -> None:
    from reports.policies.archive import can_open

    admin = person(None, is_staff=True)
    full, public = made(scene), made(scene, "public")
    assert can_open(admin, public)
    Disqualification.objects.create(
        item=scene.opened, member=scene.secretary, grounds="Nabo", declared_by=scene.secretary
    )
    assert can_open(scene.again(scene.secretary), made(scene, "public"))

    AgendaItem.objects.filter(pk=scene.opened.pk).update(**CLOSED)

    assert not can_open(User.objects.get(pk=admin.pk), public)
    assert not can_open(scene.again(scene.secretary), full)
    assert not can_open(scene.again(scene.secretary), public)


def test_a_period_must_have_its_end_after_its_beginning(scene) -> None:
    with pytest.raises(Refused):
        ask(scene, period_from=date(2026, 2, 1), period_to=date(2026, 1, 1))


def test_a_body_that_is_not_public_has_no_public_edition() -> None:
    scene = held_meeting("locked", is_public=False)

    with pytest.raises(Refused):
        ask(scene, "public")
    assert check_stored(made(scene)).is_valid


def test_every_act_has_words(scene) -> None:
    package = made(scene)
    check_stored(package)
    ours = set(
        AuditEntry.objects.filter(verb__startswith="reports.").values_list("verb", flat=True)
    )

    assert ours <= set(WORDS)
    assert ours == {"reports.ask_package", "reports.check_package"}


def test_the_newest_days_of_the_period_are_in_it(scene) -> None:
    day = timezone.localtime(scene.meeting.starts_at).date()

    same = ask(scene, period_from=day, period_to=day)
    before = ask(scene, period_from=day - timedelta(days=9), period_to=day - timedelta(days=1))

    assert [len(one.scope_meetings) for one in map(_scoped, (same, before))] == [1, 0]


def _scoped(package):
    from types import SimpleNamespace

    from reports.services.archive import scope_of

    return SimpleNamespace(scope_meetings=scope_of(package).meetings)
