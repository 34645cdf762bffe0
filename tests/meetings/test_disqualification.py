"""A member says that they may be disqualified, and the body decides."""

import pytest
from django.utils import translation

from core.models import AuditEntry
from core.verdicts import NotAllowed, Refused, StaleState
from meetings.models import Attachment, Disqualification
from meetings.services.disqualification import declare_disqualified
from tests.meetings.scenes import a_scene, attach, bring_to, issue

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def scene():
    return bring_to(a_scene(), "issued")


def declare(scene, member, by=None, grounds="Min bror er leverandør"):
    return declare_disqualified(item=scene.closed, member=member, grounds=grounds, by=by or member)


def test_member_declares_themselves(scene):
    row = declare(scene, scene.recused, grounds="  Min bror  ")

    assert (row.member, row.declared_by, row.grounds) == (
        scene.recused, scene.recused, "Min bror",
    )  # fmt: skip
    entry = AuditEntry.objects.get(verb="meetings.declare_disqualified")
    assert entry.data == {"member": scene.recused.pk}


def test_secretariat_declares_a_member(scene):
    assert declare(scene, scene.recused, by=scene.secretary).declared_by == scene.secretary


@pytest.mark.parametrize("who", ["follower", "secretary", "outsider"])
def test_only_members_can_be_disqualified(scene, who):
    with pytest.raises(NotAllowed, match="Only members can be disqualified"):
        declare(scene, getattr(scene, who))


def test_grounds_are_needed(scene):
    with pytest.raises(Refused, match="what the connection is") as refusal:
        declare(scene, scene.recused, grounds=" ")

    assert refusal.value.field == "grounds"


def test_twice_is_once(scene):
    declare(scene, scene.recused)

    with pytest.raises(StaleState, match="already recorded"):
        declare(scene, scene.recused, grounds="Igen")

    assert Disqualification.objects.count() == 1


def test_grounds_are_not_in_the_protocol(scene):
    declare(scene, scene.recused, grounds="HEMMELIGGRUND")

    assert "HEMMELIG" not in str(list(AuditEntry.objects.values_list("data", flat=True)))


def test_recused_member_loses_the_closed_files_and_keeps_the_open():
    scene = a_scene()
    closed = attach(scene, scene.closed, "Lukket")
    opened = attach(scene, scene.closed, "Åben", "open")
    other = attach(scene, scene.opened, "Andet", "closed")
    issue(scene)

    declare(scene, scene.recused)

    seen = set(
        Attachment.objects.visible_to(scene.again(scene.recused)).values_list("pk", flat=True)
    )
    assert seen == {opened.pk, other.pk}
    assert closed.pk not in seen


def test_two_clicks_at_the_same_time_are_one_declaration(run_together):
    scene = bring_to(a_scene(), "issued")

    def click():
        return lambda: declare(scene, scene.recused)

    answers = run_together(click(), click())

    assert sorted(type(a).__name__ for a in answers) == ["Disqualification", "StaleState"]
