"""More time for the sheets, or less: who may, who is told, and what is kept."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEntry, OutboxEntry
from core.verdicts import NotAllowed, Refused
from ethics.services.deadlines import move_deadline
from tests.ethics import scenes_rounds as scenes
from tests.factories import days

pytestmark = pytest.mark.django_db


def moved(scene, deadline, who="secretary"):
    return move_deadline(review=scene.fresh(), deadline=deadline, by=scene.again(who))


def told(scene):
    rows = OutboxEntry.objects.filter(kind="ethics.review_notice", payload__what="deadline")
    return sorted(row.payload["user"] for row in rows)


def test_deadline_is_moved_and_those_who_still_write_are_told_each_time():
    scene = scenes.a_round()
    scenes.handed_out(scene)
    scenes.seal(scene, "council")
    writing = sorted([scene.citizen.pk, scene.ethicist.pk])

    moved(scene, days(20))
    first = told(scene)
    moved(scene, days(20))
    moved(scene, days(25))

    assert scene.fresh().deadline == days(25)
    assert (first, told(scene)) == (writing, sorted(writing * 2))
    assert AuditEntry.objects.filter(verb="ethics.move_deadline").count() == 2


def test_deadline_that_has_passed_is_refused():
    scene = scenes.a_round()
    scenes.handed_out(scene)
    before = scene.fresh().deadline

    with pytest.raises(Refused) as refusal:
        moved(scene, timezone.now() - timedelta(minutes=1))

    assert (refusal.value.field, scene.fresh().deadline) == ("deadline", before)


@pytest.mark.parametrize("who", ["council", "chair", "member", "proposer", "owner", "extra"])
def test_only_the_secretariat_moves_the_deadline(who):
    scene = scenes.a_round()
    scenes.handed_out(scene)

    with pytest.raises(NotAllowed):
        moved(scene, days(20), who)


def test_deadline_is_moved_on_its_page(client):
    scene = scenes.a_round()
    scenes.handed_out(scene)
    address = reverse("ethics:review_deadline", args=[scene.review.pk])
    client.force_login(scene.again("secretary"))
    day = days(20)

    shown = client.get(scene.review.get_absolute_url()).content.decode()
    wrong = client.post(address, {"deadline": "31 02 2027"})
    done = client.post(address, {"deadline": day.strftime("%d %m %Y")})

    assert address in shown
    assert (wrong.status_code, done.url) == (422, scene.review.get_absolute_url())
    assert timezone.localtime(scene.fresh().deadline) == timezone.localtime(day)


def test_sheets_that_are_open_have_no_deadline_to_move(client):
    scene = scenes.bring_to(scenes.a_round(), "r_discussion")
    address = reverse("ethics:review_deadline", args=[scene.review.pk])
    client.force_login(scene.again("secretary"))

    assert client.get(address).status_code == 403
