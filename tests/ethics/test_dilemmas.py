"""Dilemmas: arguments on both sides, published one by one as they were seen."""

import json

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from core.verdicts import NotAllowed, Refused, StaleState
from ethics.enums.guidelines import DilemmaState
from ethics.models import Argument, Dilemma, DilemmaPublication
from ethics.selectors.dilemmas import body_hash, dilemma_page, dilemma_rows, section_choices
from ethics.services import dilemmas
from tests.ethics.guideline_scenes import a_scene

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def a_dilemma(scene, **fields) -> Dilemma:
    facts = {"title": "Robotten i køen", "situation": "Telefonkøen er lang.", **fields}
    return dilemmas.create_dilemma(committee=scene.committee, by=scene.member, **facts)


def publish(row, scene):
    fresh = Dilemma.objects.get(pk=row.pk)
    return dilemmas.publish_dilemma(dilemma=row, expected=body_hash(fresh), by=scene.secretary)


def edit(row, scene, **fields):
    facts = {
        "title": row.title,
        "situation": row.situation,
        "state": row.state,
        "stance": row.stance,
        "version": row.version,
        "by": scene.secretary,
    }
    return dilemmas.edit_dilemma(dilemma=row, **facts | fields)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title": " "}, "title"),
        ({"situation": ""}, "situation"),
        ({"situation": "x" * 5001}, "situation"),
        ({"section": 1}, "section"),
    ],
)
def test_a_dilemma_says_what_it_is_about(fields, field):
    with pytest.raises(Refused) as refusal:
        a_dilemma(a_scene(), **fields)
    assert refusal.value.field == field


def test_it_points_at_a_section_of_the_same_body():
    scene = a_scene()
    row = a_dilemma(scene, guideline=scene.guideline, section=2)
    assert (row.guideline, row.section_number) == (scene.guideline, 2)
    assert section_choices(scene.committee)[1] == (
        f"{scene.guideline.pk}:2",
        "Etiske retningslinjer, 2. Åbenhed",
    )
    with pytest.raises(Refused):
        a_dilemma(scene, guideline=scene.guideline, section=9)


def test_arguments_name_their_author_or_their_workshop_and_stay():
    scene = a_scene()
    row = a_dilemma(scene)
    own = dilemmas.add_argument(dilemma=row, side="for", text="Det går hurtigt.", by=scene.follower)
    dilemmas.add_argument(
        dilemma=row, side="against", text="Ikke alle kan.", source="Gruppe 2", by=scene.secretary
    )
    assert (own.author, own.source) == (scene.follower, "")
    with pytest.raises(DatabaseError), transaction.atomic():
        Argument.objects.update(text="Andet")
    with pytest.raises(NotAllowed):
        dilemmas.add_argument(dilemma=row, side="for", text="x", by=scene.outsider)
    for bad in ({"side": "maybe", "text": "x"}, {"side": "for", "text": " "}):
        with pytest.raises(Refused):
            dilemmas.add_argument(dilemma=row, by=scene.member, **bad)


def test_settling_says_where_the_committee_stands_and_ends_the_arguing():
    scene = a_scene()
    row = a_dilemma(scene)
    with pytest.raises(Refused) as refusal:
        edit(row, scene, state=DilemmaState.SETTLED)
    assert refusal.value.field == "stance"
    row = edit(row, scene, state=DilemmaState.SETTLED, stance="Et menneske skal kunne nås.")
    assert row.state == DilemmaState.SETTLED
    with pytest.raises(StaleState):
        dilemmas.add_argument(dilemma=row, side="for", text="x", by=scene.member)
    row = edit(row, scene, state=DilemmaState.OPEN)
    dilemmas.add_argument(dilemma=row, side="for", text="x", by=scene.member)


def test_editing_what_somebody_else_changed_is_refused():
    scene = a_scene()
    row = a_dilemma(scene)
    edit(row, scene, title="Nyt")
    with pytest.raises(StaleState):
        edit(row, scene, title="Andet", version=1)
    with pytest.raises(NotAllowed):
        edit(row, scene, by=scene.member)


def test_what_is_published_is_what_was_seen_and_has_no_names():
    scene = a_scene()
    row = a_dilemma(scene)
    dilemmas.add_argument(dilemma=row, side="for", text="Det går hurtigt.", by=scene.member)
    found = publish(row, scene)
    assert scene.member.name not in found.body
    assert json.loads(found.body)["arguments"][0]["text"] == "Det går hurtigt."

    seen = found.sha256
    dilemmas.add_argument(dilemma=row, side="against", text="Endnu et.", by=scene.member)
    row = Dilemma.objects.get(pk=row.pk)
    public = dilemma_page(scene.outsider, row)
    assert [len(side["arguments"]) for side in public["sides"]] == [1, 0]
    assert dilemma_page(scene.member, row)["is_behind"]
    with pytest.raises(StaleState):
        dilemmas.publish_dilemma(dilemma=row, expected=seen, by=scene.secretary)
    with pytest.raises(NotAllowed):
        dilemmas.publish_dilemma(dilemma=row, expected=seen, by=scene.chair)


def test_the_secretariat_sees_what_citizens_read_when_it_has_changed(client):
    scene = a_scene()
    row = a_dilemma(scene)
    publish(row, scene)
    edit(Dilemma.objects.get(pk=row.pk), scene, title="Et nyt navn")
    client.force_login(scene.secretary)
    page = client.get(reverse("ethics:dilemma_publish", args=[row.pk])).content.decode()
    assert "Et nyt navn" in page
    assert "Robotten i køen" in page


def test_it_can_be_taken_away_again(client):
    scene = a_scene()
    row = a_dilemma(scene)
    address = row.get_absolute_url()
    assert client.get(address).status_code == 404
    publish(row, scene)
    assert client.get(address).status_code == 200
    dilemmas.unpublish_dilemma(dilemma=row, by=scene.secretary)
    assert client.get(address).status_code == 404
    with pytest.raises(StaleState):
        dilemmas.unpublish_dilemma(dilemma=row, by=scene.secretary)


def test_pages_keep_what_was_typed(client):
    scene = a_scene()
    row = a_dilemma(scene)
    client.force_login(scene.member)
    answer = client.post(
        reverse("ethics:dilemma_new"), {"title": "", "situation": "Skrevet med omhu"}
    )
    assert answer.status_code == 422
    assert "Skrevet med omhu" in answer.content.decode()
    answer = client.post(
        reverse("ethics:argument_new", args=[row.pk]), {"side": "", "text": "Et godt ord"}
    )
    assert answer.status_code == 422
    assert "Et godt ord" in answer.content.decode()


def test_writing_and_publishing_through_the_pages(client):
    scene = a_scene()
    client.force_login(scene.secretary)
    facts = {"title": "Ny", "situation": "Situation", "section": f"{scene.guideline.pk}:1"}
    answer = client.post(reverse("ethics:dilemma_new"), facts)
    row = Dilemma.objects.get()
    assert answer["Location"] == row.get_absolute_url()
    client.post(
        reverse("ethics:argument_new", args=[row.pk]), {"side": "for", "text": "Ja", "source": ""}
    )
    page = client.get(reverse("ethics:dilemma_publish", args=[row.pk]))
    data = {"expected": page.context["expected"]}
    client.post(reverse("ethics:dilemma_publish", args=[row.pk]), data)
    client.logout()
    assert "Ja" in client.get(row.get_absolute_url()).content.decode()
    assert "Ny" in client.get(reverse("ethics:dilemma_list")).content.decode()


def test_the_list_asks_the_same_number_of_questions():
    scene = a_scene()

    def cost(who):
        with CaptureQueriesContext(connection) as found:
            dilemma_rows(who)
        return len(found)

    publish(a_dilemma(scene), scene)
    cost(scene.member), cost(scene.outsider)  # their roles are read once
    few = cost(scene.member), cost(scene.outsider)
    for number in range(4):
        publish(a_dilemma(scene, title=f"Nr. {number}"), scene)
    assert (cost(scene.member), cost(scene.outsider)) == few


def test_what_was_published_is_frozen():
    scene = a_scene()
    publish(a_dilemma(scene), scene)
    for act in ("update", "delete"):
        rows = DilemmaPublication.objects.all()
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.delete() if act == "delete" else rows.update(sha256="0" * 64)
