"""Times that cannot be, and the two nights on which the clock itself is changed."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone, translation
from icalendar import Calendar

from core.models import AuditEntry
from core.verdicts import NotAllowed, Refused, StaleState
from meetings.calendar import build_calendar
from meetings.enums import VersionKind
from meetings.forms.live import PresenceForm
from meetings.models import Meeting, Presence
from meetings.selectors.motions import may_vote
from meetings.selectors.presence import Rolls
from meetings.selectors.snapshot import live_snapshot
from meetings.services.holding import move_meeting, record_decision
from meetings.services.items import remove_item
from meetings.services.motions import propose
from meetings.services.presence import come, finish_item, leave, record_attendance, take_up
from meetings.services.votes import cast_vote, close_round, open_round
from tests.factories import MeetingFactory
from tests.meetings.scenes import a_scene, attend, bring_to

pytestmark = pytest.mark.django_db
COPENHAGEN = ZoneInfo("Europe/Copenhagen")
# (the night, how long a meeting from 01.00 to 04.00 lasts)
NIGHTS = [(datetime(2026, 10, 25), 4), (datetime(2027, 3, 28), 2)]  # noqa: DTZ001


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def scene():
    """In session for an hour, everybody there from the beginning."""
    scene = bring_to(a_scene(), "in_session")
    began = timezone.now() - timedelta(hours=1)
    Meeting.objects.filter(pk=scene.meeting.pk).update(held_from=began)
    scene.meeting.refresh_from_db()
    attend(scene)
    return scene


def ago(minutes):
    return timezone.now() - timedelta(minutes=minutes)


def kept():
    """What must not be lost or changed by a refusal."""
    rows = Presence.objects.order_by("pk").values_list("member", "came_at", "left_at")
    return list(rows), AuditEntry.objects.count()


def goes(scene, act, minutes):
    act(meeting=scene.meeting, member_id=scene.member.pk, at=ago(minutes), by=scene.secretary)


def away(scene, left, back=None):
    """The member has left, and may have come back, so many minutes ago."""
    goes(scene, leave, left)
    if back is not None:
        goes(scene, come, back)


def voted(scene):
    """The member has voted for, the chair against; the round is closed."""
    scene.opened.meeting = scene.meeting
    motion = propose(
        item=scene.opened, kind="main", proposer=scene.member, text="Ja.", by=scene.secretary
    )
    row = open_round(motion=motion, by=scene.secretary)
    for user, choice in ((scene.member, "for"), (scene.chair, "against")):
        cast_vote(vote_round=row, member=user, choice=choice, by=user)
    return close_round(vote_round=row, by=scene.secretary)


# Attendance ----------------------------------------------------------------------------------

WRONG = {
    "comes before the meeting": (lambda s: away(s, 30), come, 61, "before the meeting began"),
    "leaves before the meeting": (lambda s: None, leave, 61, "before the meeting began"),
    "comes later than now": (lambda s: away(s, 30), come, -30, "has not come yet"),
    "leaves later than now": (lambda s: None, leave, -30, "has not come yet"),
    "leaves before coming": (lambda s: away(s, 30, 10), leave, 20, "cannot leave before"),
    "comes inside a stay": (lambda s: away(s, 30), come, 40, "already in the room"),
    "a stay around another": (
        lambda s: (away(s, 50, 30), away(s, 10)), come, 40, "was in the room later than that",
    ),
    "leaves before their vote": (voted, leave, 5, "voted on item 1"),
}  # fmt: skip


@pytest.mark.parametrize("case", sorted(WRONG))
def test_impossible_time_is_refused_with_the_rule_and_nothing_is_lost(scene, case):
    before, act, minutes, words = WRONG[case]
    before(scene)
    was = kept()

    with pytest.raises(Refused, match=words):
        goes(scene, act, minutes)

    assert kept() == was


def test_leaving_after_the_meeting_has_ended_is_refused(scene):
    move_meeting(meeting=scene.meeting, move="end", by=scene.secretary)
    was = kept()

    with pytest.raises(NotAllowed, match="The meeting is not on"):
        goes(scene, leave, 0)
    assert kept() == was


@pytest.mark.parametrize("act", [come, leave])
def test_clock_that_runs_ahead_keeps_the_stay_inside_the_meeting(scene, act):
    """A minute ahead is no mistake, but nobody is there longer than the meeting is."""
    if act is come:
        away(scene, 30)
    goes(scene, act, -1)
    move_meeting(meeting=scene.meeting, move="end", by=scene.secretary)

    held_to = scene.fresh().held_to
    assert {row.left_at <= held_to for row in Presence.objects.all()} == {True}
    assert {row.came_at <= row.left_at for row in Presence.objects.all()} == {True}


@pytest.mark.parametrize("status", ["absent", "apology", "unknown"])
def test_member_who_voted_is_not_marked_absent_also_when_the_round_is_closed(scene, status):
    row = voted(scene)
    was = kept()

    with pytest.raises(Refused, match=r"voted on item 1.*was present then"):
        record_attendance(
            meeting=scene.meeting, statuses={scene.member.pk: (status, "")}, by=scene.secretary
        )
    assert kept() == was
    assert row.votes.count() == 2


# Votes ---------------------------------------------------------------------------------------


def test_who_left_after_the_item_was_finished_does_not_vote_on_it(scene):
    scene.opened.meeting = scene.meeting
    take_up(item=scene.opened, by=scene.secretary)
    finish_item(item=scene.opened, by=scene.secretary)
    goes(scene, leave, 0)

    assert not may_vote(scene.opened, scene.member)
    assert Rolls(scene.fresh()).of(scene.opened).is_quorate


def test_nothing_is_proposed_put_to_the_vote_or_decided_off_the_agenda(scene):
    item = scene.opened
    item.meeting = scene.meeting
    fields = {"item": item, "kind": "main", "proposer": scene.member, "text": "Ja."}
    motion = propose(**fields, by=scene.secretary)
    remove_item(item=item, by=scene.secretary)
    acts = [
        lambda: propose(**(fields | {"kind": "addition"}), by=scene.secretary),
        lambda: open_round(motion=motion, by=scene.secretary),
        lambda: record_decision(
            item=item, outcome="adopted", texts={}, versions={}, by=scene.secretary
        ),
    ]

    for act in acts:
        with pytest.raises(StaleState, match="taken off the agenda"):
            act()


def test_item_is_not_taken_off_under_an_open_vote(scene):
    scene.opened.meeting = scene.meeting
    motion = propose(
        item=scene.opened, kind="main", proposer=scene.member, text="Ja.", by=scene.secretary
    )
    open_round(motion=motion, by=scene.secretary)

    with pytest.raises(StaleState, match="A vote is open"):
        remove_item(item=scene.opened, by=scene.secretary)


# The nights of the clock ---------------------------------------------------------------------


def at(night, hour, fold=0):
    return night.replace(hour=hour, tzinfo=COPENHAGEN, fold=fold)


@pytest.mark.parametrize(("night", "hours"), NIGHTS)
def test_night_meeting_is_as_long_as_it_is_and_shows_the_clock_on_the_wall(night, hours, client):
    with time_machine.travel(at(night, 1) - timedelta(days=20)):
        scene = a_scene()
        starts, ends = at(night, 1), at(night, 4)
        Meeting.objects.filter(pk=scene.meeting.pk).update(starts_at=starts, ends_at=ends)
        scene.meeting = scene.fresh()
        bring_to(scene, "issued")
        with translation.override("da"):
            page = client.get(reverse("meetings:meeting_agenda", args=[scene.meeting.pk]))

    meeting = scene.fresh()
    event = Calendar.from_ical(build_calendar([meeting])).walk("VEVENT")[0]
    facts = live_snapshot(meeting, VersionKind.AGENDA)["meeting"]
    assert meeting.ends_at - meeting.starts_at == timedelta(hours=hours)
    assert "01.00" in page.content.decode()
    assert "04.00" in page.content.decode()
    assert (event.start.hour, event.end.hour) == (1, 4)
    assert event.end.timestamp() - event.start.timestamp() == hours * 3600
    assert (facts["starts_at"][11:16], facts["ends_at"][11:16]) == ("01:00", "04:00")
    assert facts["starts_at"][-6:] != facts["ends_at"][-6:]


@pytest.mark.parametrize(("night", "hours"), NIGHTS)
def test_stay_over_the_change_of_the_clock_is_stored_as_it_was(night, hours):
    with time_machine.travel(at(night, 1), tick=False) as clock:
        scene = a_scene()
        Meeting.objects.filter(pk=scene.meeting.pk).update(
            starts_at=at(night, 1), ends_at=at(night, 4)
        )
        scene.meeting = scene.fresh()
        bring_to(scene, "in_session")
        attend(scene)
        clock.shift(timedelta(hours=hours - 1))
        leave(meeting=scene.fresh(), member_id=scene.member.pk, at=None, by=scene.secretary)
        clock.shift(timedelta(hours=1))
        move_meeting(meeting=scene.fresh(), move="end", by=scene.secretary)
        with translation.override("en"):
            rows = live_snapshot(scene.fresh(), VersionKind.MINUTES)["attendance"]

    stay = Presence.objects.get(member=scene.member)
    meeting = scene.fresh()
    assert stay.left_at - stay.came_at == timedelta(hours=hours - 1)
    assert meeting.held_to - meeting.held_from == timedelta(hours=hours)
    assert {row["name"]: row["times"] for row in rows}["Medlem"] == "left at 03.00"


def test_the_two_times_half_past_two_are_two_moments():
    """At night on 25 October 2026 the clock shows 02.30 twice, an hour apart."""
    night = NIGHTS[0][0]
    first = at(night, 2).replace(minute=30)
    second = first.replace(fold=1)
    meetings = [MeetingFactory(starts_at=m, ends_at=at(night, 4)) for m in (first, second)]

    stored = [Meeting.objects.get(pk=meeting.pk) for meeting in meetings]

    assert stored[1].starts_at - stored[0].starts_at == timedelta(hours=1)
    assert [m.ends_at - m.starts_at for m in stored] == [timedelta(hours=2.5), timedelta(hours=1.5)]
    with time_machine.travel(second + timedelta(minutes=1), tick=False):
        assert timezone.localtime(stored[1].starts_at).strftime("%H.%M %z") == "02.30 +0100"


@pytest.mark.parametrize(
    ("now", "typed", "meant"),
    [
        ("2026-10-25 02:40 +0200", "02.30", "2026-10-25 02:30 +0200"),
        ("2026-10-25 02:40 +0100", "02.30", "2026-10-25 02:30 +0100"),
        ("2026-10-26 00:20 +0100", "00.10", "2026-10-26 00:10 +0100"),
        ("2026-10-26 00:20 +0100", "23.50", "2026-10-25 23:50 +0100"),
        ("2026-10-25 01:40 +0200", "01.45", "2026-10-25 01:45 +0200"),
    ],
)
def test_typed_time_is_the_last_one_the_clock_has_shown(now, typed, meant):
    meeting = MeetingFactory(starts_at=at(NIGHTS[0][0], 1), ends_at=at(NIGHTS[0][0], 4))
    form = PresenceForm({"member": "1", "move": "come", "at": typed})

    with time_machine.travel(datetime.strptime(now, "%Y-%m-%d %H:%M %z"), tick=False):
        assert form.is_valid()
        moment = form.moment(meeting)

    # Two times of one zone are compared by what the clock shows; the moment is what counts.
    assert moment.timestamp() == datetime.strptime(meant, "%Y-%m-%d %H:%M %z").timestamp()
