"""What is missing before the next step, found where it is and nowhere else."""

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from meetings.models import AgendaItem, Attachment
from meetings.scanning import holds_cpr
from meetings.selectors.completeness import (
    missing_in_item,
    missing_in_publication,
)
from meetings.selectors.preparation import preparation
from meetings.selectors.proof import missing_in_minutes
from tests.meetings.scenes import a_scene, attach, attend, bring_to, decide, write

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def said(found):
    return [missing.text for missing in found]


def lacks(scene, item):
    return said(missing_in_item(AgendaItem.objects.get(pk=item.pk)))


@pytest.mark.parametrize(
    "text",
    ["010190-1234", "0101901234", "010190 1234", "010190–1234", "310599/4321", "290200-4000",
     "(010190-1234)", "CPR:010190-1234.", "311299-9999 og"],
)  # fmt: skip
def test_cpr_number_is_found(text):
    assert holds_cpr(text)


@pytest.mark.parametrize(
    "text",
    ["320190-1234", "011390-1234", "000190-1234", "12010190-1234", "010190-12345", "010190",
     "EMN-2025-08223", "45 67 89 10", "+45 12 34 56 78", "100.000.000 kr."],
)  # fmt: skip
def test_other_numbers_are_not_cpr(text):
    assert not holds_cpr(text)


@given(st.dates().filter(lambda d: d.year > 1900), st.integers(0, 9999), st.sampled_from("- –/."))
def test_every_birthday_with_four_digits_is_found(day, serial, sign):
    assert holds_cpr(f"om {day:%d%m%y}{sign}{serial:04} er")


def test_required_sections_are_missing_until_they_are_written():
    scene = a_scene()
    assert lacks(scene, scene.opened) == ["Indstilling is missing in item 1"]

    write(scene, scene.opened, recommendation="1) At udvalget drøfter")

    assert lacks(scene, scene.opened) == []


def test_bare_public_heading_is_missing():
    scene = a_scene()
    write(scene, scene.closed, recommendation="1) At")
    AgendaItem.objects.filter(pk=scene.closed.pk).update(public_title="Lukket punkt")

    (missing,) = missing_in_item(AgendaItem.objects.get(pk=scene.closed.pk))

    assert missing.text == "Write a public heading that says what item 2 is about"
    assert (missing.item_id, missing.field) == (scene.closed.pk, "public_title")


def test_minutes_lack_attendance_and_decisions_with_the_place_to_mend_it():
    scene = bring_to(a_scene(), "minutes_draft")

    found = missing_in_minutes(scene.fresh())

    assert said(found) == [
        "Record who was present",
        "Write the decision of item 1",
        "Write the decision of item 2",
        "Write the public decision text of item 2",
    ]
    pages = [missing.url.split("#")[-1] for missing in found[1:]]
    assert pages == ["decision", "decision", "public_decision"]
    attend(scene)
    decide(scene, scene.opened)
    decide(scene, scene.closed, "x", "y")
    assert missing_in_minutes(scene.fresh()) == []


CPR_TEXT = "010190-1234"


@pytest.mark.parametrize(
    ("place", "found"),
    [
        (lambda s: write(s, s.opened, summary=CPR_TEXT), ["Item 1 seems to hold a CPR number"]),
        (lambda s: write(s, s.closed, summary=CPR_TEXT), []),
        (lambda s: AgendaItem.objects.filter(pk=s.opened.pk).update(title=CPR_TEXT),
         ["Item 1 seems to hold a CPR number"]),
        (lambda s: AgendaItem.objects.filter(pk=s.opened.pk).update(presenter=CPR_TEXT),
         ["Item 1 seems to hold a CPR number"]),
        (lambda s: AgendaItem.objects.filter(pk=s.closed.pk).update(title=CPR_TEXT), []),
        (lambda s: AgendaItem.objects.filter(pk=s.closed.pk).update(public_title=CPR_TEXT),
         ["Item 2 seems to hold a CPR number"]),
        (lambda s: AgendaItem.objects.filter(pk=s.closed.pk).update(closing_ground=CPR_TEXT),
         ["Item 2 seems to hold a CPR number"]),
        (lambda s: AgendaItem.objects.filter(pk=s.closed.pk).update(case_id=CPR_TEXT),
         ["Item 2 seems to hold a CPR number"]),
        (lambda s: attach(s, s.opened, CPR_TEXT), ["Attachment 1.1 seems to hold a CPR number"]),
        (lambda s: attach(s, s.closed, CPR_TEXT, "open"),
         ["Attachment 2.1 seems to hold a CPR number"]),
        (lambda s: attach(s, s.opened, CPR_TEXT, "closed"), []),
        (lambda s: Attachment.objects.filter(pk=attach(s, s.opened).pk).update(text=CPR_TEXT),
         ["Attachment 1.1 seems to hold a CPR number"]),
    ],
)  # fmt: skip
def test_cpr_number_is_found_in_what_becomes_public_only(place, found):
    scene = a_scene()
    place(scene)

    assert said(missing_in_publication(scene.fresh())) == found


TASKS = ["Agenda", "Attachments", "Confidentiality check", "Invitation", "Attendance", "Decisions",
         "Minutes", "Approval", "Publication"]  # fmt: skip


SHAPES = {
    "miss": "Something is missing",
    "done": "Ready",
    "empty": "Not started",
    "half": "In progress",
}


def words(scene):
    return {task.label: task.word or SHAPES[task.shape] for task in preparation(scene.fresh())}


def test_preparation_follows_the_data():
    scene = a_scene()
    assert list(words(scene)) == TASKS
    assert words(scene)["Agenda"] == "Something is missing"
    for item in scene.items:
        write(scene, item, recommendation="1) At")
    assert words(scene)["Agenda"] == "Ready"
    assert words(scene)["Invitation"] == "Not started"
    bring_to(scene, "issued")
    assert words(scene)["Invitation"] == "Issued, version 1"
    bring_to(scene, "in_session")
    assert words(scene)["Minutes"] == "In progress"
    attend(scene)
    assert words(scene)["Attendance"] == "3 of 3 answers"
    decide(scene, scene.opened)
    assert words(scene)["Decisions"] == "1 of 2 written"
    bring_to(scene, "approval")
    assert (words(scene)["Minutes"], words(scene)["Approval"]) == ("Ready", "In progress")
    bring_to(scene, "locked")
    assert words(scene)["Minutes"] == "Locked, version 2"
    assert words(scene)["Publication"] == "Not started"
    bring_to(scene, "published")
    assert (words(scene)["Approval"], words(scene)["Publication"]) == ("Ready", "Ready")


def test_empty_agenda_is_not_started():
    scene = a_scene(items=False)

    assert words(scene)["Agenda"] == words(scene)["Confidentiality check"] == "Not started"
