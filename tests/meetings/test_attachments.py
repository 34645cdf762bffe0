"""Attachments: checked when they come, each with a level of its own, gone when taken off."""

import pytest
from django.utils import translation

from core.models import AuditEntry, StoredFile
from core.verdicts import NotAllowed, Refused, StaleState
from meetings.models import Attachment
from meetings.services.attachments import add_attachment, change_attachment, remove_attachment
from meetings.services.items import remove_item
from tests.core.file_samples import docx_bytes, pdf_bytes
from tests.meetings.samples import picture
from tests.meetings.scenes import a_scene, attach, bring_to

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def scene():
    return a_scene()


def add(scene, data=None, filename="Bilag 1.pdf", item=None, **more):
    return add_attachment(
        item=item or scene.opened, data=data or pdf_bytes(), filename=filename,
        by=more.pop("by", scene.secretary), **more,
    )  # fmt: skip


def test_file_is_stored_with_what_was_found_in_it(scene):
    data = pdf_bytes()

    attachment = add(scene, data)

    assert (attachment.title, attachment.access, attachment.position) == ("Bilag 1", "open", 1)
    assert attachment.pages == 1
    assert attachment.file.read() == data
    assert attachment.file.media_type == "application/pdf"
    entry = AuditEntry.objects.get(verb="meetings.add_attachment")
    assert entry.data == {
        "item": scene.opened.pk, "sha256": attachment.file.sha256, "access": "open",
    }  # fmt: skip


def test_file_takes_the_level_of_its_item_unless_it_is_given_one(scene):
    assert add(scene, item=scene.closed).access == "closed"
    assert add(scene, item=scene.closed, access="open").access == "open"
    assert add(scene, access="closed").access == "closed"


def test_files_are_numbered_within_their_item(scene):
    places = [attach(scene, item).position for item in (scene.opened, scene.opened, scene.closed)]

    assert places == [1, 2, 1]


@pytest.mark.parametrize(
    ("data", "filename"),
    [
        (b"MZ\x90\x00", "program.exe"),
        (b"MZ\x90\x00", "program.pdf"),
        (b"<html><script>x</script></html>", "side.pdf"),
        (picture(), "billede.pdf"),
        (b"", "tom.pdf"),
        (docx_bytes()[:100], "halv.docx"),
    ],
    ids=["program", "program as PDF", "page as PDF", "picture as PDF", "empty", "half a file"],
)
def test_bad_file_is_refused_with_a_sentence_and_nothing_is_kept(scene, data, filename):
    with pytest.raises(Refused) as refusal:
        add_attachment(item=scene.opened, data=data, filename=filename, by=scene.secretary)

    assert refusal.value.field == "file"
    assert str(refusal.value.reason).endswith(".")
    assert (Attachment.objects.count(), StoredFile.objects.count()) == (0, 0)


@pytest.mark.parametrize("who", ["chair", "member", "follower", "outsider"])
def test_only_the_secretariat_attaches(scene, who):
    with pytest.raises(NotAllowed):
        add(scene, by=getattr(scene, who))


def test_item_that_was_taken_off_takes_no_file(scene):
    remove_item(item=scene.opened, by=scene.secretary)

    with pytest.raises(StaleState, match="taken off the agenda"):
        add(scene)


@pytest.mark.parametrize("state", ["approval", "locked", "published", "cancelled"])
def test_finished_meeting_takes_no_file(state):
    scene = a_scene()
    attach(scene, scene.opened)
    bring_to(scene, state)
    attachment = Attachment.objects.get()

    for act in (
        lambda: add(scene),
        lambda: change_attachment(attachment=attachment, access="closed", by=scene.secretary),
        lambda: remove_attachment(attachment=attachment, by=scene.secretary),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_change_of_level_is_recorded_with_what_it_was(scene):
    attachment = add(scene)

    change_attachment(attachment=attachment, access="closed", by=scene.secretary)
    change_attachment(attachment=attachment, access="closed", title=" ", by=scene.secretary)

    entry = AuditEntry.objects.get(verb="meetings.change_attachment")
    assert entry.data == {"access": "closed", "access_was": "open"}
    assert Attachment.objects.get().title == "Bilag 1"


def test_unknown_level_is_refused(scene):
    attachment = add(scene)

    with pytest.raises(Refused):
        change_attachment(attachment=attachment, access="secret", by=scene.secretary)
    with pytest.raises(Refused):
        add(scene, access="secret")

    assert list(Attachment.objects.values_list("access", flat=True)) == ["open"]


def test_long_titles_fit(scene):
    long = "Et meget langt navn " * 20

    attachment = add(scene, filename=f"{long}.pdf", title=long)
    change_attachment(attachment=attachment, title=long, by=scene.secretary)

    attachment.full_clean()


def test_taking_off_twice_is_one_act_and_keeps_the_bytes(scene):
    attachment = add(scene)

    remove_attachment(attachment=attachment, by=scene.secretary)
    remove_attachment(attachment=attachment, by=scene.secretary)

    assert AuditEntry.objects.filter(verb="meetings.remove_attachment").count() == 1
    assert Attachment.objects.attached().count() == 0
    assert Attachment.objects.get().file.read()


def test_file_that_was_taken_off_is_not_changed(scene):
    attachment = add(scene)
    remove_attachment(attachment=attachment, by=scene.secretary)

    with pytest.raises(StaleState):
        change_attachment(attachment=attachment, access="closed", by=scene.secretary)
