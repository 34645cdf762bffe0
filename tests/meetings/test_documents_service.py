"""One PDF per content: asked for once, found again by what the reader may read."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import translation

from core.models import OutboxEntry, OutboxState
from core.store import store_bytes
from meetings.models import RenderedDocument
from meetings.selectors.reading import edition_reading, reading
from meetings.services import documents
from meetings.services.disqualification import declare_disqualified
from meetings.services.documents import (
    find_document,
    fingerprint,
    request_document,
    request_documents,
)
from meetings.services.items import change_item
from meetings.tasks.documents import render_document
from tests.meetings.scenes import CLOSED, a_scene, bring_to, issue, write

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def scene():
    return bring_to(a_scene(), "issued")


def entries():
    return OutboxEntry.objects.filter(kind=documents.RENDER)


def mark(scene, user, kind="agenda"):
    return fingerprint(kind, reading(scene.again(user) if user.pk else user, scene.fresh()))


def test_asking_twice_is_asking_once(scene):
    read = edition_reading(scene.fresh(), "full")
    before = (RenderedDocument.objects.count(), entries().count())

    again = request_document("agenda", read, by=scene.secretary)

    assert again == find_document("agenda", read)
    assert (RenderedDocument.objects.count(), entries().count()) == before


def test_same_reading_is_the_same_document_for_everybody(scene):
    assert mark(scene, scene.member) == mark(scene, scene.recused)
    assert mark(scene, AnonymousUser()) == mark(scene, scene.outsider)
    assert mark(scene, AnonymousUser()) != mark(scene, scene.member)
    assert mark(scene, scene.member) != mark(scene, scene.member, "pack")


def test_recused_member_has_a_document_of_their_own(scene):
    declare_disqualified(
        item=scene.closed, member=scene.recused, grounds="Min bror", by=scene.recused
    )
    read = reading(scene.again(scene.recused), scene.fresh())

    document = request_document("agenda", read, by=scene.recused)

    assert document.without == [scene.closed.pk]
    assert mark(scene, scene.recused) not in {
        mark(scene, scene.member), mark(scene, AnonymousUser()),
    }  # fmt: skip


def test_closing_an_item_leaves_the_old_file_behind(scene):
    old = find_document("agenda", edition_reading(scene.fresh(), "public"))
    old.file = store_bytes(b"%PDF", filename="x.pdf", media_type="application/pdf")
    old.save()

    change_item(item=scene.opened, version=1, by=scene.secretary, **CLOSED)

    assert find_document("agenda", edition_reading(scene.fresh(), "public")) is None


def test_colour_and_layout_are_part_of_the_content(scene, monkeypatch):
    before = mark(scene, scene.member)
    monkeypatch.setattr(documents, "LAYOUT", documents.LAYOUT + 1)
    after_layout = mark(scene, scene.member)
    municipality = scene.committee.municipality
    municipality.colour = "#123456"
    municipality.save()

    assert len({before, after_layout, mark(scene, scene.member)}) == 3


def test_document_that_is_out_of_date_is_not_made(scene):
    """Asked for, then closed: the worker must not print what nobody may read any more."""
    document = find_document("agenda", edition_reading(scene.fresh(), "public"))
    change_item(item=scene.opened, version=1, by=scene.secretary, **CLOSED)

    render_document({"document": document.pk}, lambda step, share: None)

    document.refresh_from_db()
    assert document.file is None


def test_document_that_is_gone_or_made_is_no_error(scene):
    document = find_document("agenda", edition_reading(scene.fresh(), "public"))
    file = store_bytes(b"%PDF", filename="x.pdf", media_type="application/pdf")
    RenderedDocument.objects.filter(pk=document.pk).update(file=file)

    for pk in (document.pk, 999_999):
        render_document({"document": pk}, lambda step, share: None)

    document.refresh_from_db()
    assert document.file == file


def test_made_document_is_not_asked_for_again(scene):
    read = edition_reading(scene.fresh(), "public")
    file = store_bytes(b"%PDF", filename="x.pdf", media_type="application/pdf")
    RenderedDocument.objects.filter(fingerprint=fingerprint("agenda", read)).update(file=file)
    entries().delete()

    request_document("agenda", read, by=scene.secretary)

    assert not entries().exists()


@pytest.mark.parametrize("state", ["issued", "approval", "locked", "published"])
def test_only_what_can_be_made_is_asked_for(state):
    scene = bring_to(a_scene(), state)
    request_documents(scene.fresh(), kinds=("agenda", "pack", "minutes"), by=scene.secretary)

    for document in RenderedDocument.objects.all():
        assert (document.kind == "minutes") == (document.version.kind == "minutes")


def test_payload_carries_ids_only(scene):
    assert {tuple(entry.payload) for entry in entries()} == {("document",)}
    assert {entry.state for entry in entries()} == {OutboxState.QUEUED}


def test_new_version_has_new_documents(scene):
    before = set(RenderedDocument.objects.values_list("pk", flat=True))
    write(scene, scene.opened, summary="Andet")

    issue(scene)

    fresh = RenderedDocument.objects.exclude(pk__in=before)
    assert {document.version.number for document in fresh} == {2}
    assert fresh.count() == 4
