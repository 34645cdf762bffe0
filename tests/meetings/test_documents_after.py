"""Agenda and pack stay to be had as they were issued when the minutes are out."""

import pytest
from django.urls import reverse

from meetings.selectors.reading import kinds_of, printed_reading, reading
from tests.meetings.scenes import a_scene, bring_to

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("state", "who", "kinds"),
    [
        ("issued", "member", ("agenda", "pack")),
        ("issued", "outsider", ("agenda", "pack")),
        ("locked", "member", ("minutes", "agenda", "pack")),
        ("locked", "outsider", ("agenda", "pack")),
        ("published", "outsider", ("minutes", "agenda", "pack")),
    ],
)
def test_documents_follow_what_is_read(state, who, kinds):
    scene = bring_to(a_scene(), state)

    assert kinds_of(reading(getattr(scene, who), scene.fresh())) == kinds


def test_agenda_is_made_of_the_issued_agenda_and_never_of_the_minutes():
    scene = bring_to(a_scene(), "published")
    read = reading(scene.outsider, scene.fresh())

    agenda = printed_reading(read, "agenda")

    assert (read.kind, agenda.kind, agenda.edition) == ("minutes", "agenda", "public")
    assert [item["decision"] for item in agenda.items] == [None, None]


@pytest.mark.parametrize("kind", ["agenda", "pack", "minutes"])
def test_citizen_opens_every_document_of_a_published_meeting(client, kind):
    scene = bring_to(a_scene(), "published")

    page = client.get(reverse("meetings:document_file", args=[scene.meeting.pk, kind]))

    assert page.status_code == 200
