"""Workshops: exercises, what the groups write, and notes that become items."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from committee.enums import Role
from core.verdicts import NotAllowed, Refused, StaleState
from meetings.enums import MeetingKind, MeetingState
from meetings.models import WorkshopExercise, WorkshopNote
from meetings.services.workshops import add_exercise, note_to_item, write_note
from tests.factories import CommitteeFactory, MeetingFactory, person

NIGHTMARE = "ai-mareridt@1"

pytestmark = pytest.mark.django_db


@pytest.fixture
def committee():
    return CommitteeFactory()


@pytest.fixture
def secretary(committee):
    return person(committee, Role.SECRETARIAT)


@pytest.fixture
def member(committee):
    return person(committee, Role.MEMBER)


@pytest.fixture
def workshop(committee):
    return MeetingFactory(
        committee=committee,
        kind=MeetingKind.WORKSHOP,
        state=MeetingState.IN_SESSION,
        agenda_version=1,
    )


@pytest.fixture
def exercise(workshop, secretary):
    return add_exercise(meeting=workshop, reference=NIGHTMARE, by=secretary)


@pytest.fixture
def note(exercise, member):
    return write_note(
        exercise=exercise,
        group="Gruppe 2",
        prompt="Hvad sker der?",
        text="En chatbot giver forkert råd.",
        by=member,
    )


def page(workshop) -> str:
    return reverse("meetings:workshop_page", args=[workshop.pk])


def test_exercise_comes_from_the_library_and_keeps_its_words(exercise, workshop, secretary):
    second = add_exercise(meeting=workshop, reference="dilemmaer@1", by=secretary)

    assert (exercise.position, second.position) == (1, 2)
    assert exercise.exercise_ref == NIGHTMARE
    assert exercise.title == "AI-mareridt"
    assert exercise.prompts == [
        "Hvad sker der?",
        "Hvem går det ud over?",
        "Hvad kunne have forhindret det?",
    ]


@pytest.mark.parametrize("reference", ["findes-ikke@1", "ai-mareridt@99", "", "x"])
def test_exercise_that_is_not_in_the_library_is_refused(workshop, secretary, reference):
    with pytest.raises(Refused):
        add_exercise(meeting=workshop, reference=reference, by=secretary)


def test_exercise_belongs_to_a_workshop_and_the_secretariat(committee, workshop, secretary, member):
    with pytest.raises(NotAllowed):
        add_exercise(meeting=MeetingFactory(committee=committee), reference=NIGHTMARE, by=secretary)
    with pytest.raises(NotAllowed):
        add_exercise(meeting=workshop, reference=NIGHTMARE, by=member)


def test_group_writes_a_note_and_goes_on_with_its_name(client, workshop, exercise, member):
    client.force_login(member)
    url = reverse("meetings:note_add", args=[workshop.pk, exercise.pk])

    answer = client.post(
        url, {"group": " Gruppe  2 ", "prompt": "Hvad sker der?", "text": "Forkert råd"}
    )

    note = WorkshopNote.objects.get()
    assert (note.group, note.text, note.author) == ("Gruppe 2", "Forkert råd", member)
    assert answer.url == f"{page(workshop)}?gruppe=Gruppe+2#oevelse-{exercise.pk}"
    seen = client.get(answer.url).content.decode()
    assert "Forkert råd" in seen
    assert 'value="Gruppe 2"' in seen


def test_note_keeps_what_was_typed_when_it_is_refused(client, workshop, exercise, member):
    client.force_login(member)
    url = reverse("meetings:note_add", args=[workshop.pk, exercise.pk])

    answer = client.post(url, {"group": "", "text": "Et langt svar"})

    assert answer.status_code == 422
    assert "Et langt svar" in answer.content.decode()
    assert WorkshopNote.objects.count() == 0


def test_note_to_a_question_that_is_not_asked_is_refused(exercise, member):
    with pytest.raises(Refused):
        write_note(exercise=exercise, group="1", prompt="Noget andet", text="Svar", by=member)


def test_follow_group_writes_notes_and_others_do_not(exercise, committee):
    write_note(exercise=exercise, group="1", text="Svar", by=person(committee, Role.FOLLOW_GROUP))

    for other in (person(committee, Role.COUNCIL_READER), person(None)):
        with pytest.raises(NotAllowed):
            write_note(exercise=exercise, group="1", text="Svar", by=other)
    assert WorkshopNote.objects.count() == 1


@pytest.mark.parametrize("state", [MeetingState.LOCKED, MeetingState.CANCELLED])
def test_note_is_not_written_when_the_meeting_is_over(exercise, workshop, member, state):
    workshop.state = state
    exercise.meeting = workshop

    with pytest.raises(NotAllowed):
        write_note(exercise=exercise, group="1", text="Svar", by=member)


def test_page_is_for_those_at_the_table(client, workshop, exercise, note, committee, member):
    client.force_login(member)
    assert client.get(page(workshop)).status_code == 200

    for outsider in (person(committee, Role.COUNCIL_READER), person(None)):
        client.force_login(outsider)
        assert client.get(page(workshop)).status_code == 404
    client.logout()
    assert client.get(page(workshop)).status_code == 302


def test_page_exists_for_workshops_only(client, committee, secretary):
    ordinary = MeetingFactory(committee=committee)
    client.force_login(secretary)

    assert client.get(page(ordinary)).status_code == 404


def test_note_of_another_workshop_is_not_found(client, workshop, note, secretary, committee):
    other = MeetingFactory(committee=committee, kind=MeetingKind.WORKSHOP)
    client.force_login(secretary)

    answer = client.post(reverse("meetings:note_to_item", args=[other.pk, note.pk]))

    assert answer.status_code == 404


def test_note_becomes_an_item_with_its_text_as_background(
    client, workshop, note, secretary, committee
):
    target = MeetingFactory(committee=committee)
    client.force_login(secretary)
    url = reverse("meetings:note_to_item", args=[workshop.pk, note.pk])

    client.post(url, {"title": "Forkerte råd fra chatbotter", "meeting": target.pk})

    note.refresh_from_db()
    assert note.item.meeting == target
    assert note.item.title == "Forkerte råd fra chatbotter"
    assert list(note.item.texts.values_list("key", "text")) == [
        ("background", "En chatbot giver forkert råd.")
    ]


def test_note_goes_into_the_presentation_of_norddjurs_template(note, secretary, committee):
    target = MeetingFactory(committee=committee, section_template="norddjurs@1")

    item = note_to_item(note=note, meeting=target, title="Råd", by=secretary)

    assert item.texts.get().key == "presentation"


def test_note_becomes_one_item_only(note, secretary, committee):
    target = MeetingFactory(committee=committee)
    note_to_item(note=note, meeting=target, title="Råd", by=secretary)

    with pytest.raises(StaleState):
        note_to_item(note=note, meeting=target, title="Råd igen", by=secretary)

    assert target.items.count() == 1


def test_note_to_item_refuses_what_makes_no_sense(note, secretary, member, committee):
    target = MeetingFactory(committee=committee)
    locked = MeetingFactory(committee=committee, state=MeetingState.LOCKED)

    for meeting, title in ((target, " "), (locked, "Råd"), (MeetingFactory(), "Råd")):
        with pytest.raises(Refused):
            note_to_item(note=note, meeting=meeting, title=title, by=secretary)
    with pytest.raises(NotAllowed):
        note_to_item(note=note, meeting=target, title="Råd", by=member)
    assert target.items.count() == 0


def test_form_for_an_item_keeps_what_was_typed(client, workshop, note, secretary, committee):
    client.force_login(secretary)
    url = reverse("meetings:note_to_item", args=[workshop.pk, note.pk])

    answer = client.post(url, {"title": "En overskrift", "meeting": ""})

    assert answer.status_code == 422
    assert "En overskrift" in answer.content.decode()


def test_page_costs_the_same_for_any_number_of_notes(client, workshop, exercise, secretary):
    client.force_login(secretary)

    def cost(more: int) -> int:
        WorkshopNote.objects.bulk_create(
            WorkshopNote(exercise=exercise, group=f"Gruppe {n % 7}", text=f"{n}", author=secretary)
            for n in range(more)
        )
        with CaptureQueriesContext(connection) as queries:
            client.get(page(workshop))
        return len(queries)

    assert cost(1) == cost(2) == cost(297)


def test_exercise_form_adds_to_the_page(client, workshop, secretary, member):
    url = reverse("meetings:exercise_add", args=[workshop.pk])
    client.force_login(member)
    assert client.post(url, {"reference": NIGHTMARE}).status_code == 403

    client.force_login(secretary)
    answer = client.post(url, {"reference": NIGHTMARE})

    row = WorkshopExercise.objects.get()
    assert answer.url == f"{page(workshop)}#oevelse-{row.pk}"
    assert client.post(url, {"reference": "x"}).status_code == 422
