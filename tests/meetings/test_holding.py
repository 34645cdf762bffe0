"""During the meeting: who is there, what is decided, and by which words."""

import pytest
from django.utils import translation

from core.models import AuditEntry
from core.verdicts import NotAllowed, Refused, StaleState
from meetings.enums import Outcome
from meetings.models import AgendaItem, Attendance, Meeting
from meetings.services.holding import move_meeting, record_decision
from meetings.services.presence import answer_invitation, record_attendance, take_up
from meetings.services.texts import save_texts
from tests.meetings.scenes import a_scene, bring_to

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def scene():
    return bring_to(a_scene(), "in_session")


def item(scene):
    return AgendaItem.objects.get(pk=scene.opened.pk)


def decide(scene, outcome="adopted", text="Vedtaget.", version=0, **more):
    return record_decision(
        item=item(scene), outcome=outcome, texts={"decision": text} | more,
        versions={"decision": version}, by=scene.secretary,
    )  # fmt: skip


def statuses(scene):
    rows = Attendance.objects.filter(meeting=scene.meeting)
    return {row.member_id: row.status for row in rows}


@pytest.mark.parametrize("outcome", [value for value in Outcome.values if value])
def test_decision_is_recorded_with_who_and_when(scene, outcome):
    saved = decide(scene, outcome)

    row = item(scene)
    assert saved.keys == ["decision"]
    assert (row.outcome, row.decided_by) == (outcome, scene.secretary)
    assert row.decided_at is not None
    verbs = list(AuditEntry.objects.order_by("-seq").values_list("verb", flat=True)[:2])
    assert verbs == ["meetings.record_decision", "meetings.save_texts"]


def test_outcome_taken_back_forgets_when(scene):
    decide(scene)

    decide(scene, "", "Vedtaget.", 1)

    row = item(scene)
    assert (row.outcome, row.decided_at, row.decided_by) == ("", None, None)


def test_unknown_outcome_is_refused_and_nothing_is_written(scene):
    with pytest.raises(Refused, match="Choose an outcome") as refusal:
        decide(scene, "maybe")

    assert refusal.value.field == "outcome"
    assert not item(scene).texts.filter(key="decision").exists()


def test_conflicting_decision_leaves_the_outcome_alone(scene):
    decide(scene, "rejected", "Forkastet.")

    saved = decide(scene, "adopted", "Vedtaget.", version=0)

    assert len(saved.conflicts) == 1
    assert item(scene).outcome == "rejected"


def test_decision_is_refused_when_the_minutes_went_out_meanwhile(scene):
    item = AgendaItem.objects.select_related("meeting").get(pk=scene.opened.pk)
    Meeting.objects.filter(pk=scene.meeting.pk).update(state="approval")

    with pytest.raises(StaleState, match="cannot be written now"):
        record_decision(item=item, outcome="adopted", texts={}, versions={}, by=scene.secretary)


def test_item_is_not_taken_up_when_the_meeting_ended_meanwhile(scene):
    item = AgendaItem.objects.select_related("meeting").get(pk=scene.opened.pk)
    Meeting.objects.filter(pk=scene.meeting.pk).update(state="minutes_draft")

    with pytest.raises(NotAllowed):
        take_up(item=item, by=scene.secretary)


def test_same_decision_twice_is_one_act(scene):
    decide(scene)
    before = AuditEntry.objects.count()

    decide(scene, version=1)

    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize(
    "state", ["draft", "issued", "approval", "locked", "published", "cancelled"]
)
def test_decisions_belong_to_the_meeting(state):
    scene = bring_to(a_scene(), state)
    before = item(scene)

    with pytest.raises(StaleState, match=r"the state is “.+”\. Nothing was changed"):
        decide(scene, "rejected", "Andet")

    assert item(scene).outcome == before.outcome


@pytest.mark.parametrize("who", ["chair", "member", "follower", "outsider"])
def test_only_the_secretariat_records(scene, who):
    by = getattr(scene, who)

    with pytest.raises(NotAllowed):
        record_decision(item=item(scene), outcome="adopted", texts={}, versions={}, by=by)
    with pytest.raises(NotAllowed):
        save_texts(item=item(scene), texts={"decision": "x"}, versions={}, by=by)


@pytest.mark.parametrize("who", ["member", "follower", "outsider"])
def test_only_the_secretariat_and_the_chair_take_the_roll(scene, who):
    with pytest.raises(NotAllowed):
        record_attendance(meeting=scene.meeting, statuses={}, by=getattr(scene, who))


def test_chair_takes_the_roll_only_while_the_meeting_is_on(scene):
    record_attendance(meeting=scene.meeting, statuses={}, by=scene.chair)
    move_meeting(meeting=scene.meeting, move="end", by=scene.secretary)

    with pytest.raises(NotAllowed):
        record_attendance(meeting=scene.meeting, statuses={}, by=scene.chair)


def test_attendance_counts_what_changed(scene):
    rows = {scene.member.pk: ("present", ""), scene.chair.pk: ("apology", "Syg")}

    first = record_attendance(meeting=scene.meeting, statuses=rows, by=scene.secretary)
    second = record_attendance(meeting=scene.meeting, statuses=rows, by=scene.secretary)

    assert (first, second) == (2, 0)
    assert statuses(scene)[scene.chair.pk] == "apology"
    assert AuditEntry.objects.filter(verb="meetings.record_attendance").count() == 1


@pytest.mark.parametrize("case", ["stranger", "follower", "unknown status"])
def test_attendance_is_for_members_and_known_statuses(scene, case):
    rows = {
        "stranger": {scene.member.pk: ("present", ""), scene.outsider.pk: ("present", "")},
        "follower": {scene.follower.pk: ("present", "")},
        "unknown status": {scene.member.pk: ("asleep", "")},
    }[case]

    with pytest.raises(Refused, match="for the committee's members only"):
        record_attendance(meeting=scene.meeting, statuses=rows, by=scene.secretary)

    assert set(statuses(scene).values()) == {"unknown"}


@pytest.mark.parametrize(("coming", "status"), [(True, "present"), (False, "apology")])
def test_member_answers_for_themselves(coming, status):
    scene = bring_to(a_scene(), "issued")

    answer_invitation(meeting=scene.meeting, coming=coming, note=" Tog ", by=scene.member)
    answer_invitation(meeting=scene.meeting, coming=coming, note="Tog", by=scene.member)

    row = Attendance.objects.get(meeting=scene.meeting, member=scene.member)
    assert (row.status, row.note) == (status, "Tog")
    assert row.answered_at is not None
    entry = AuditEntry.objects.get(verb="meetings.answer_invitation")
    assert entry.data == {"status": status}


def test_long_note_is_cut_not_lost_with_an_error():
    scene = bring_to(a_scene(), "issued")

    answer_invitation(meeting=scene.meeting, coming=True, note="x" * 500, by=scene.member)

    assert len(Attendance.objects.get(member=scene.member).note) == 200


def test_answer_comes_before_the_meeting(scene):
    with pytest.raises(NotAllowed, match="until the meeting begins"):
        answer_invitation(meeting=scene.meeting, coming=True, by=scene.member)
