"""What is decided on: frozen, the same for the same facts, current or not, and who reads what."""

import hashlib
import json

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from committee.models import User
from core.models import AuditEntry
from core.verdicts import NotAllowed, StaleState
from ethics import snapshots
from ethics.enums.rounds import RoundState
from ethics.models import CaseSnapshot
from ethics.services.snapshots import take_snapshot
from tests.ethics import scenes_rounds as rounds_scenes
from tests.ethics.scenes import TEXT, a_condition
from tests.usecases.scenes import Scene, a_scene, act, bring_to, decide
from usecases.services import facts, texts

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def assessed() -> Scene:
    scene = a_scene()
    bring_to(scene, "under_assessment")
    return scene


def page(scene: Scene, user: User | None = None) -> str:
    client = Client()
    if user is not None:
        client.force_login(User.objects.get(pk=user.pk))
    answer = client.get(reverse("ethics:snapshot_page", args=[scene.case.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_snapshot_holds_its_hash_and_the_same_facts_are_the_same_snapshot() -> None:
    scene = assessed()

    first = take_snapshot(scene.fresh(), scene.secretary)
    second = take_snapshot(scene.fresh(), scene.second)

    assert first == second
    assert hashlib.sha256(first.body.encode()).hexdigest() == first.sha256
    assert first.revision == scene.fresh().revision
    assert set(json.loads(first.body)["pieces"]) == {one.key for one in snapshots.providers}
    assert AuditEntry.objects.filter(verb="ethics.take_snapshot").count() == 1


@pytest.mark.parametrize("what", ["text", "condition", "classification"])
def test_snapshot_is_no_longer_current_when_something_of_it_changes(what: str) -> None:
    scene = assessed()
    row = take_snapshot(scene.fresh(), scene.secretary)
    before = snapshots.is_current(row)
    case = scene.fresh()
    if what == "text":
        values = {"title": case.title, "problem": "Et andet problem."}
        texts.save_values(case=case, values=values, version=case.version, by=scene.proposer)
    elif what == "condition":
        a_condition(scene)
    else:
        facts.record_classification(
            case=case, tier="minimal", ruleset="ai_act@2", by=scene.secretary
        )

    assert (before, snapshots.is_current(row)) == (True, False)
    assert take_snapshot(scene.fresh(), scene.secretary).number == 2


def test_another_part_adds_its_piece() -> None:
    scene = assessed()
    row = take_snapshot(scene.fresh(), scene.secretary)
    piece = snapshots.Provider("sheets", "Ark", lambda case: [1, 2], lambda *_: iter([]))
    snapshots.providers.append(piece)
    try:
        assert not snapshots.is_current(row)
        assert take_snapshot(scene.fresh(), scene.secretary).pieces["sheets"] == [1, 2]
    finally:
        snapshots.providers.remove(piece)


@pytest.mark.parametrize("who", ["owner", "member", "chair", "proposer"])
def test_only_the_secretariat_freezes(who: str) -> None:
    scene = assessed()

    with pytest.raises(NotAllowed):
        take_snapshot(scene.fresh(), scene.again(who))


def test_draft_and_closed_case_are_not_frozen() -> None:
    scene = a_scene()
    with pytest.raises(StaleState):
        take_snapshot(scene.fresh(), scene.secretary)
    bring_to(scene, "submitted")
    act(scene, "withdraw", scene.proposer, reason="Fortrudt.")

    with pytest.raises(StaleState):
        take_snapshot(scene.fresh(), scene.secretary)


def test_database_refuses_to_change_a_snapshot() -> None:
    scene = assessed()
    row = take_snapshot(scene.fresh(), scene.secretary)

    with pytest.raises(DatabaseError), transaction.atomic():
        CaseSnapshot.objects.filter(pk=row.pk).update(sha256="0" * 64)
    with pytest.raises(DatabaseError), transaction.atomic():
        row.delete()


def test_citizens_see_what_was_decided_on_and_only_what_is_public_of_it() -> None:
    scene = assessed()
    a_condition(scene)
    row = take_snapshot(scene.fresh(), scene.secretary)
    decide(scene, "approve_pilot")
    a_condition(scene, text="Tilføjet bagefter")
    take_snapshot(scene.fresh(), scene.secretary)

    inside, outside = page(scene, scene.member), page(scene)

    assert row.sha256 in outside
    assert TEXT in outside
    assert "Tilføjet bagefter" not in outside + inside
    # A field for the committee alone.
    fields = row.pieces["proposal"]["fields"]
    assert fields["risks"] in inside
    assert fields["risks"] not in outside


def test_closed_decision_shows_citizens_no_conditions() -> None:
    scene = assessed()
    a_condition(scene)
    take_snapshot(scene.fresh(), scene.secretary)

    decide(scene, "approve_pilot", access="closed", ground="§ 10")

    assert TEXT not in page(scene)
    assert TEXT in page(scene, scene.member)


def test_page_is_nobodys_who_knows_only_the_title() -> None:
    scene = assessed()
    take_snapshot(scene.fresh(), scene.secretary)

    answer = Client().get(reverse("ethics:snapshot_page", args=[scene.case.pk]))

    assert answer.status_code == 404


def test_secretariat_freezes_with_a_press() -> None:
    scene = assessed()
    client = Client()
    client.force_login(User.objects.get(pk=scene.secretary.pk))

    client.post(reverse("ethics:snapshot_take", args=[scene.case.pk]))

    assert CaseSnapshot.objects.get().by == scene.secretary
    assert reverse("ethics:snapshot_take", args=[scene.case.pk]) not in page(scene, scene.secretary)


# A decision rests on what was frozen -------------------------------------------------------------


def test_nothing_is_recommended_on_what_has_changed_since_it_was_frozen() -> None:
    scene = rounds_scenes.bring_to(rounds_scenes.a_round(), RoundState.AGENDA)
    a_condition(scene.case_scene)

    with pytest.raises(StaleState):
        scene.move("recommend", "chair")

    assert scene.fresh().state == RoundState.AGENDA


@pytest.mark.parametrize(
    ("state", "move", "who"),
    [
        (RoundState.AGENDA, "recommend", "chair"),
        (RoundState.DECISION, "record_decision", "secretary"),
    ],
)
def test_decision_points_to_what_was_frozen_anew(state: str, move: str, who: str) -> None:
    scene = rounds_scenes.bring_to(rounds_scenes.a_round(), state)
    before = scene.fresh().snapshot_sha256
    a_condition(scene.case_scene)
    row = take_snapshot(scene.case_scene.fresh(), scene.again("secretary"))

    review = scene.move(move, who)

    assert (review.snapshot_sha256, row.sha256 == before) == (row.sha256, False)
