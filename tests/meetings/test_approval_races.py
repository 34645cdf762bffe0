"""Two who act on the same minutes at the same moment: one order or the other, and nothing lost."""

import pytest
from django.utils import timezone, translation

from core.verdicts import NotAllowed, Refused, StaleState
from meetings.models import Meeting, MinutesAddition, MinutesApproval, Seal
from meetings.selectors.approval import sent_version
from meetings.services.additions import add_addition, approve_reopening, ask_reopening
from meetings.services.approval import answer_minutes
from meetings.services.minutes import lock_minutes
from tests.meetings.scenes import a_scene, bring_to

pytestmark = [pytest.mark.django_db, pytest.mark.database]
TOO_LATE = (NotAllowed, Refused, StaleState)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def over(scene):
    """The deadline has passed, so that nobody's silence stops the lock."""
    Meeting.objects.filter(pk=scene.meeting.pk).update(approval_due_at=timezone.now())
    return scene


def locking(scene):
    return lambda: lock_minutes(meeting=scene.fresh(), by=scene.secretary)


def adding(scene, text):
    return lambda: add_addition(
        meeting=scene.fresh(), text=text, public_text=text, reason="Fejl", by=scene.secretary
    )


def test_answer_against_lock(run_together):
    """What was answered before the lock stands in what is locked; what came after is refused."""
    scene = over(bring_to(a_scene(), "approval"))
    number = scene.fresh().minutes_version

    answer, lock = run_together(
        lambda: answer_minutes(
            meeting=scene.fresh(), version=number, member=scene.member, answer="reservation",
            text="FORBEHOLD", by=scene.secretary,
        ),
        locking(scene),
    )  # fmt: skip

    locked = str(sent_version(scene.fresh()).snapshot)
    assert not isinstance(lock, Exception), lock
    assert scene.fresh().state == "locked"
    assert isinstance(answer, MinutesApproval) == ("FORBEHOLD" in locked)
    assert isinstance(answer, (MinutesApproval, *TOO_LATE)), answer


def test_two_lock_the_same_minutes(run_together):
    scene = over(bring_to(a_scene(), "approval"))

    answers = run_together(locking(scene), locking(scene))

    assert [isinstance(a, TOO_LATE) for a in answers].count(True) == 1, answers
    assert scene.fresh().state == "locked"
    assert Seal.objects.count() == 1


def test_two_additions_get_a_number_each(run_together):
    scene = bring_to(a_scene(), "locked")
    before = scene.fresh().minutes_version

    answers = run_together(adding(scene, "FØRSTE"), adding(scene, "ANDEN"))

    assert sorted(a.number for a in answers) == [1, 2]
    assert scene.fresh().minutes_version == before + 2
    sealed = str(sent_version(scene.fresh()).snapshot)
    assert ("FØRSTE" in sealed, "ANDEN" in sealed) == (True, True)


def test_addition_against_reopening(run_together):
    """An addition is sealed before the minutes are reopened, or it is refused."""
    scene = bring_to(a_scene(), "locked")
    ask_reopening(meeting=scene.fresh(), reason="Fejl", by=scene.secretary)

    added, reopened = run_together(
        adding(scene, "TILFØJET"),
        lambda: approve_reopening(meeting=scene.fresh(), by=scene.chair),
    )

    assert not isinstance(reopened, Exception), reopened
    assert scene.fresh().state not in {"locked", "published"}
    assert isinstance(added, (MinutesAddition, *TOO_LATE)), added
    assert MinutesAddition.objects.count() == int(isinstance(added, MinutesAddition))
    versions = [str(row.snapshot) for row in scene.meeting.versions.filter(kind="minutes")]
    sealed = sum("TILFØJET" in text for text in versions)
    assert sealed == MinutesAddition.objects.count()
