"""The hand-over of a meeting to the municipality's case system."""

import hashlib
import io
import zipfile
from pathlib import Path

import pytest
from lxml import etree

from core import outbox
from core.models import Work
from core.verdicts import NotAllowed, Refused
from core.works import maker_of
from meetings.models import AgendaItem
from reports.documents.esdh import NAMESPACE, metadata, schema
from reports.selectors.esdh import KIND, current_work
from reports.services.esdh import request_hand_off
from tests.meetings.scenes import a_scene
from tests.reports.archive_scenes import held_meeting

pytestmark = pytest.mark.django_db
N = {"e": NAMESPACE}


def handed_off(scene) -> bytes:
    work = request_hand_off(meeting=scene.fresh(), by=scene.again(scene.secretary))
    outbox.drain()
    file = Work.objects.get(pk=work.pk).file
    assert file is not None
    return file.read()


def inside(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name.split("/", 1)[1]: archive.read(name) for name in archive.namelist()}


def test_the_folder_has_documents_and_metadata_that_fits_the_schema() -> None:
    scene = held_meeting()
    AgendaItem.objects.filter(pk=scene.closed.pk).update(case_id="EMN-2026-00001")

    first = handed_off(scene)

    held = inside(first)
    root = etree.fromstring(held["metadata.xml"])
    rows = root.findall(".//e:Dokument", N)
    etree.XMLSchema(etree.fromstring(held["metadata.xsd"])).assertValid(root)
    assert {row.get("filnavn") for row in rows} == set(held) - {"metadata.xml", "metadata.xsd"}
    for row in rows:
        data = held[row.get("filnavn")]
        assert row.findtext("e:Sha256", None, N) == hashlib.sha256(data).hexdigest()
        assert row.findtext("e:Stoerrelse", None, N) == str(len(data))
    access = {row.get("filnavn"): row.findtext("e:Adgang", None, N) for row in rows}
    assert access["referat-2-forseglet.pdf"] == "Lukket"
    assert access["referat-2-offentlig.pdf"] == "Åben"
    shut = next(row for row in rows if row.get("filnavn").startswith("bilag-2.1"))
    assert shut.findtext("e:Adgang", None, N) == "Lukket"
    assert shut.findtext("e:Fortrolighedsgrund", None, N) == "Offentlighedslovens § 30, nr. 2"

    # Made again, it is the same, byte for byte.
    work = current_work(scene.fresh())
    again = maker_of(KIND).make(work, lambda step, share: None)
    assert isinstance(again.data, Path)
    second = again.data.read_bytes()
    again.data.unlink()
    assert first == second


def test_what_xml_cannot_hold_is_left_out(tmp_path) -> None:
    scene = a_scene()
    scene.meeting.place = "Sal \x0b D & <E>"

    root = etree.fromstring(metadata(scene.meeting, [], tmp_path))

    assert root.findtext(".//e:Sted", None, N) == "Sal  D & <E>"
    assert not schema().validate(etree.fromstring(b"<Aflevering/>"))


def test_only_the_secretariat_hands_over_and_only_what_was_issued() -> None:
    scene = a_scene()

    for user in (scene.chair, scene.member, scene.outsider):
        with pytest.raises(NotAllowed):
            request_hand_off(meeting=scene.meeting, by=scene.again(user))
    with pytest.raises(Refused):
        request_hand_off(meeting=scene.meeting, by=scene.again(scene.secretary))


def test_a_changed_access_is_another_folder() -> None:
    scene = held_meeting("issued")
    first = request_hand_off(meeting=scene.fresh(), by=scene.again(scene.secretary))
    scene.opened.attachments.update(access="closed")

    second = request_hand_off(meeting=scene.fresh(), by=scene.again(scene.secretary))

    assert first.pk != second.pk
    assert maker_of(KIND).make(first, lambda step, share: None) is None
