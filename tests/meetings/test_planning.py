"""Plan a meeting: what follows from the committee's data, and who is told of changes."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from committee.enums import Role
from core.models import AuditEntry, OutboxEntry
from core.verdicts import NotAllowed, Refused, StaleState
from meetings.models import Attendance, Meeting
from meetings.services.planning import (
    announce_meeting,
    cancel_meeting,
    change_meeting,
    create_meeting,
    deadlines,
    default_title,
    next_number,
    rule_profile_on,
)
from tests.factories import (
    CommitteeFactory,
    MeetingFactory,
    MembershipFactory,
    RuleProfileFactory,
    day,
    days,
    person,
)
from tests.meetings.scenes import a_scene, bring_to

pytestmark = pytest.mark.django_db
COPENHAGEN = ZoneInfo("Europe/Copenhagen")


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def committee():
    committee = CommitteeFactory(full_name="Opgaveudvalget AI i Gentofte")
    RuleProfileFactory(terms__committee=committee)
    return committee


@pytest.fixture
def secretary(committee):
    return person(committee, Role.SECRETARIAT)


def plan(committee, by, start=None, **fields):
    start = start or days(14)
    fields.setdefault("ends_at", start + timedelta(hours=3))
    return create_meeting(committee=committee, starts_at=start, by=by, **fields)


def test_meeting_follows_from_the_committee(committee, secretary):
    first, second = plan(committee, secretary), plan(committee, secretary)

    assert [first.number, second.number] == [1, 2]
    assert second.title == "2. møde i opgaveudvalget AI i Gentofte"
    assert first.section_template == committee.section_template
    assert first.rule_profile.terms.committee == committee
    assert (first.state, first.announced_at, first.agenda_version) == ("draft", None, 0)


def test_members_of_the_day_are_on_the_list(committee, secretary):
    chair = person(committee, Role.CHAIR, Role.MEMBER)
    leaves = MembershipFactory(committee=committee, valid_to=day(13)).user
    comes = MembershipFactory(committee=committee, valid_from=day(14)).user
    person(committee, Role.FOLLOW_GROUP)

    meeting = plan(committee, secretary)

    invited = set(Attendance.objects.filter(meeting=meeting).values_list("member", flat=True))
    assert invited == {chair.pk, comes.pk}
    assert leaves.pk not in invited


@pytest.mark.parametrize(
    ("length", "reason"),
    [(timedelta(0), "must end after it begins"), (timedelta(hours=-1), "must end after"),
     (timedelta(hours=25), "lasts at most a day")],
)  # fmt: skip
def test_times_are_checked(committee, secretary, length, reason):
    with pytest.raises(Refused, match=reason) as refusal:
        plan(committee, secretary, ends_at=days(14) + length)

    assert refusal.value.field == "ends"
    assert not Meeting.objects.exists()


def test_number_is_taken_once(committee, secretary):
    plan(committee, secretary, number=7)

    with pytest.raises(Refused, match="already has a meeting with that number"):
        plan(committee, secretary, number=7)

    assert next_number(committee) == 8
    assert next_number(CommitteeFactory()) == 1


def test_day_without_rules_is_refused(committee, secretary):
    with pytest.raises(Refused, match="no rule profile on that day"):
        plan(committee, secretary, start=days(-111))


def test_rules_are_those_of_the_day(committee):
    newer = RuleProfileFactory(terms=committee.terms.get(), valid_from=day(10))

    assert rule_profile_on(committee, day(9)) != newer
    assert rule_profile_on(committee, day(10)) == newer


def test_deadlines_are_noon_in_denmark(committee):
    rules = rule_profile_on(committee, day(0)).rules
    start = datetime(2026, 3, 31, 17, 0, tzinfo=COPENHAGEN)

    found = {
        key: value.astimezone(UTC).isoformat() for key, value in deadlines(start, rules).items()
    }

    assert found == {
        "agenda_due": "2026-03-25T11:00:00+00:00",  # before summer time
        "material_due": "2026-03-26T11:00:00+00:00",
        "minutes_due": "2026-04-10T10:00:00+00:00",  # after Easter, in summer time
    }


def test_late_evening_belongs_to_its_danish_day(committee):
    rules = rule_profile_on(committee, day(0)).rules
    after_midnight = datetime(2026, 2, 24, 23, 30, tzinfo=UTC)

    due = timezone.localtime(deadlines(after_midnight, rules)["agenda_due"])

    assert due.date().isoformat() == "2026-02-19"


def test_title_is_danish_whoever_plans(committee):
    with translation.override("en"):
        assert default_title(committee, 3) == "3. møde i opgaveudvalget AI i Gentofte"


@pytest.mark.parametrize("role", [Role.CHAIR, Role.MEMBER, Role.FOLLOW_GROUP])
def test_only_the_secretariat_plans(committee, role):
    with pytest.raises(NotAllowed, match="Only the secretariat can plan meetings"):
        plan(committee, person(committee, role))


# Changes ----------------------------------------------------------------------------------


def change(scene, version=1, **fields):
    return change_meeting(meeting=scene.fresh(), version=version, by=scene.secretary, **fields)


def test_meeting_that_has_begun_keeps_its_day_and_its_rules():
    scene = bring_to(a_scene(), "minutes_draft")
    before = scene.fresh()
    RuleProfileFactory(terms=before.rule_profile.terms, valid_from=day(1))

    changed = change(scene, starts_at=before.starts_at, place="Sal 2")

    assert (changed.place, changed.rule_profile) == ("Sal 2", before.rule_profile)
    with pytest.raises(Refused, match="has begun"):
        change(scene, 2, starts_at=days(21), ends_at=days(21) + timedelta(hours=2))


def test_new_date_moves_the_deadlines_and_the_rules():
    scene = a_scene()
    newer = RuleProfileFactory(terms=scene.meeting.rule_profile.terms, valid_from=day(20))
    before = scene.meeting.agenda_due

    meeting = change(scene, starts_at=days(21), ends_at=days(21) + timedelta(hours=2))

    assert meeting.agenda_due > before
    assert (meeting.rule_profile, meeting.version, meeting.ical_sequence) == (newer, 2, 1)


def test_new_place_keeps_the_deadlines():
    scene = a_scene()

    meeting = change(scene, place="Biblioteket")

    assert (meeting.place, meeting.agenda_due) == ("Biblioteket", scene.meeting.agenda_due)


def test_old_version_is_stale():
    scene = a_scene()
    change(scene, place="Biblioteket")

    with pytest.raises(StaleState, match="Somebody else changed the meeting"):
        change(scene, version=1, place="Rådhuset")

    assert scene.fresh().place == "Biblioteket"


def test_times_are_checked_against_what_is_not_changed():
    scene = a_scene()

    with pytest.raises(Refused, match="must end after"):
        change(scene, starts_at=scene.meeting.ends_at)


@pytest.mark.parametrize(("state", "mails"), [("draft", 0), ("issued", 3)])
def test_those_invited_are_told_of_a_change(state, mails):
    scene = bring_to(a_scene(), state)
    before = OutboxEntry.objects.filter(kind="meetings.send_invitation").count()

    change(scene, version=scene.fresh().version, place="Biblioteket")

    after = OutboxEntry.objects.filter(kind="meetings.send_invitation").count()
    assert after - before == mails


@pytest.mark.parametrize("state", ["locked", "published", "cancelled"])
def test_finished_meeting_is_not_changed(state):
    scene = bring_to(a_scene(), state)

    with pytest.raises(NotAllowed):
        change(scene, version=scene.fresh().version, place="Biblioteket")
    with pytest.raises(NotAllowed):
        announce_meeting(meeting=scene.fresh(), by=scene.secretary)


def test_announcing_twice_is_one_act():
    scene = a_scene()

    first = announce_meeting(meeting=scene.meeting, by=scene.secretary).announced_at
    second = announce_meeting(meeting=scene.fresh(), by=scene.secretary).announced_at

    assert first == second
    assert AuditEntry.objects.filter(verb="meetings.announce_meeting").count() == 1


@pytest.mark.parametrize(("state", "mails"), [("draft", 0), ("issued", 3)])
def test_cancelling_tells_those_who_were_invited(state, mails):
    scene = bring_to(a_scene(), state)
    before = OutboxEntry.objects.count()

    cancel_meeting(meeting=scene.meeting, reason=" Formanden er syg ", by=scene.secretary)

    meeting = scene.fresh()
    assert (meeting.state, meeting.cancel_reason) == ("cancelled", "Formanden er syg")
    assert OutboxEntry.objects.count() - before == mails
    assert AuditEntry.objects.get(verb="meetings.cancel_meeting").data == {"from": state}


@pytest.mark.parametrize(
    "state", ["in_session", "minutes_draft", "approval", "locked", "published"]
)
def test_meeting_that_was_held_is_not_cancelled(state):
    scene = bring_to(a_scene(), state)

    with pytest.raises(StaleState):
        cancel_meeting(meeting=scene.meeting, reason="x", by=scene.secretary)


@pytest.mark.database
def test_two_meetings_planned_at_the_same_time(run_together):
    committee = CommitteeFactory()
    RuleProfileFactory(terms__committee=committee)
    secretary = person(committee, Role.SECRETARIAT)

    answers = run_together(*[lambda: plan(committee, secretary)] * 2)

    kinds = sorted(type(answer).__name__ for answer in answers)
    assert kinds in (["Meeting", "Meeting"], ["Meeting", "Refused"])
    assert len(set(Meeting.objects.values_list("number", flat=True))) == kinds.count("Meeting")


def test_meeting_factory_agrees_with_the_service():
    assert MeetingFactory().ends_at - MeetingFactory().starts_at == timedelta(hours=3)
