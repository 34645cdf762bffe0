"""Calendars: what stands in them, for whom, and that programs can read them."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar, Event

from committee.enums import Role
from meetings.calendar import build_calendar
from meetings.enums import Access, MeetingState
from meetings.models import IssuedVersion, Meeting
from meetings.services.issuing import approve_agenda, issue_agenda
from meetings.services.planning import announce_meeting, cancel_meeting, change_meeting
from tests.factories import (
    AgendaItemFactory,
    CommitteeFactory,
    IssuedVersionFactory,
    MeetingFactory,
    MembershipFactory,
    RuleProfileFactory,
    day,
    days,
    person,
)

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
SECRET = "Køb af ejendommen Strandvejen 7"

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


def issued_meeting(committee, secretary, **fields):
    """An issued meeting with one open and one closed item."""
    meeting = MeetingFactory(committee=committee, **fields)
    AgendaItemFactory(meeting=meeting, title="AI-ambition")
    AgendaItemFactory(meeting=meeting, title=SECRET, closed=True, public_title="Ejendomssag")
    approve(meeting, committee)
    issue_agenda(meeting=meeting, expected=1, by=secretary)
    return meeting


def approve(meeting, committee):
    """The chair has approved, where the rules ask for it."""
    approve_agenda(meeting=meeting, by=person(committee, Role.CHAIR))


def events(data: bytes) -> list[Event]:
    return list(Calendar.from_ical(data).walk("VEVENT"))


def test_calendar_has_all_that_the_standard_requires(committee, secretary):
    meeting = issued_meeting(committee, secretary)

    calendar = Calendar.from_ical(build_calendar([meeting]))
    event = calendar.walk("VEVENT")[0]

    assert [key for key in Calendar.required if key not in calendar] == []
    assert [key for key in Event.required if key not in event] == []
    assert str(event["UID"]) == meeting.ical_uid
    assert str(event["STATUS"]) == "CONFIRMED"
    assert str(event["URL"]).endswith(meeting.get_absolute_url())
    assert str(event["ORGANIZER"]) == f"mailto:{committee.municipality.contact_email}"
    assert "ATTENDEE" not in event
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["Europe/Copenhagen"]


def test_calendar_update_and_cancel_raise_the_sequence_of_the_same_entry(committee, secretary):
    meeting = issued_meeting(committee, secretary)
    first = events(build_calendar([meeting]))[0]

    change_meeting(meeting=meeting, by=secretary, version=meeting.version, place="Rådhuset, sal B")
    second = events(build_calendar([meeting]))[0]
    cancel_meeting(meeting=meeting, reason="Stormvarsel", by=secretary)
    third = events(build_calendar([meeting]))[0]

    assert {str(first["UID"]), str(second["UID"]), str(third["UID"])} == {meeting.ical_uid}
    assert int(first["SEQUENCE"]) < int(second["SEQUENCE"]) < int(third["SEQUENCE"])
    assert str(second["LOCATION"]) == "Rådhuset, sal B"
    assert str(third["STATUS"]) == "CANCELLED"


@pytest.mark.parametrize(
    ("month", "offset"), [(3, 1), (6, 2)], ids=["before summer time", "in summer time"]
)
def test_calendar_keeps_the_clock_on_both_sides_of_summer_time(committee, secretary, month, offset):
    starts = datetime(2026, month, 25, 17, 0, tzinfo=COPENHAGEN)
    ends = datetime(2026, month, 25, 20, 0, tzinfo=COPENHAGEN)
    meeting = MeetingFactory(committee=committee, starts_at=starts, ends_at=ends)

    start = events(build_calendar([meeting]))[0].start

    assert start.hour == 17
    assert start == starts
    assert start.utcoffset().total_seconds() == offset * 3600


def test_calendar_of_a_meeting_over_the_change_of_clocks_in_march(committee):
    starts = datetime(2026, 3, 28, 22, 0, tzinfo=COPENHAGEN)
    ends = datetime(2026, 3, 29, 4, 0, tzinfo=COPENHAGEN)
    meeting = MeetingFactory(committee=committee, starts_at=starts, ends_at=ends)

    event = events(build_calendar([meeting]))[0]

    assert (event.end.timestamp() - event.start.timestamp()) / 3600 == 5


def test_calendar_says_nothing_of_the_agenda_before_it_is_issued(committee, secretary):
    meeting = MeetingFactory(committee=committee)
    AgendaItemFactory(meeting=meeting, title="AI-ambition")

    event = events(build_calendar([meeting], user=secretary))[0]

    assert "DESCRIPTION" not in event


def test_calendar_has_public_headings_only_for_members_too(committee, secretary, member):
    meeting = issued_meeting(committee, secretary)

    data = build_calendar([meeting], user=member)

    assert "1. AI-ambition\n2. Ejendomssag" in str(events(data)[0]["DESCRIPTION"])
    assert SECRET not in Calendar.from_ical(data).to_ical().decode()


def test_calendar_hides_what_was_closed_after_it_was_issued(committee, secretary, member):
    meeting = issued_meeting(committee, secretary)
    item = meeting.items.get(position=1)
    item.access, item.public_title = Access.CLOSED, "Sag om en leverandør"
    item.closing_ground, item.closing_reason = "§ 30, nr. 2", "Forretningsforhold"
    item.save()

    for user in (None, member):
        description = str(events(build_calendar([meeting], user=user))[0]["DESCRIPTION"])
        assert "AI-ambition" not in description
        assert "1. Sag om en leverandør" in description


def test_calendar_gives_the_online_link_to_those_who_take_part_only(committee, secretary, member):
    meeting = issued_meeting(committee, secretary, online_link="https://example.dk/moede/42")

    assert "moede/42" in build_calendar([meeting], user=member).decode()
    assert "moede/42" not in build_calendar([meeting]).decode()
    assert (
        "moede/42"
        not in build_calendar([meeting], user=person(committee, Role.FOLLOW_GROUP)).decode()
    )


def test_calendar_is_not_broken_by_what_stands_in_a_title(committee):
    meeting = MeetingFactory(
        committee=committee, title='Møde; "hos" A, B\r\nX-EVIL:1', place="Sal\nATTENDEE:mailto:x@y"
    )

    event = events(build_calendar([meeting]))[0]

    assert str(event["SUMMARY"]) == 'Møde; "hos" A, B X-EVIL:1'
    assert "X-EVIL" not in event
    assert "ATTENDEE" not in event


# Feeds -----------------------------------------------------------------------------


def feed(client: Client, url: str) -> list[str]:
    return [str(event["UID"]) for event in events(client.get(url).content)]


def test_public_feed_holds_what_anybody_may_know(client, committee, secretary):
    draft = MeetingFactory(committee=committee)
    announced = MeetingFactory(committee=committee)
    announce_meeting(meeting=announced, by=secretary)
    issued = issued_meeting(committee, secretary)
    other = CommitteeFactory()
    elsewhere = MeetingFactory(committee=other)
    announce_meeting(meeting=elsewhere, by=person(other, Role.SECRETARIAT))
    url = reverse("meetings:calendar_public", args=[committee.slug])

    uids = feed(client, url)

    assert sorted(uids) == sorted([announced.ical_uid, issued.ical_uid])
    assert draft.ical_uid not in uids


def test_public_feed_is_the_same_for_those_who_are_logged_in(client, committee, secretary):
    MeetingFactory(committee=committee)
    url = reverse("meetings:calendar_public", args=[committee.slug])
    client.force_login(secretary)

    assert feed(client, url) == []


def test_public_feed_of_a_closed_body_does_not_exist(client):
    closed = CommitteeFactory(is_public=False)

    url = reverse("meetings:calendar_public", args=[closed.slug])

    assert client.get(url).status_code == 404
    assert client.get(url.replace(closed.slug, "findes-ikke")).status_code == 404


def test_public_feed_answers_304_to_those_who_have_it(client, committee, secretary):
    issued_meeting(committee, secretary)
    url = reverse("meetings:calendar_public", args=[committee.slug])
    first = client.get(url)

    again = client.get(url, headers={"If-None-Match": first["ETag"]})

    assert first["Content-Type"] == "text/calendar; charset=utf-8"
    assert again.status_code == 304


def test_public_feed_without_meetings_is_still_a_calendar(client, committee):
    url = reverse("meetings:calendar_public", args=[committee.slug])

    assert feed(client, url) == []


def test_personal_feed_follows_the_person_and_stops_when_the_address_is_renewed(
    client, committee, member, secretary
):
    meeting = issued_meeting(committee, secretary)
    MeetingFactory(committee=committee)
    old = reverse("meetings:calendar_personal", args=[member.calendar_token])
    assert feed(client, old) == [meeting.ical_uid]

    client.force_login(member)
    answer = client.post(reverse("meetings:calendar_renew"))
    client.logout()
    member.refresh_from_db()

    assert answer.status_code == 302
    assert client.get(old).status_code == 404
    new = reverse("meetings:calendar_personal", args=[member.calendar_token])
    assert feed(client, new) == [meeting.ical_uid]


def test_personal_feed_is_empty_once_the_membership_has_ended(client, secretary, committee):
    leaver = person(committee, Role.MEMBER)
    issued_meeting(committee, secretary)
    leaver.memberships.update(valid_to=day(-1))

    assert feed(client, reverse("meetings:calendar_personal", args=[leaver.calendar_token])) == []


def test_personal_feed_is_gone_with_the_account(client, member):
    member.is_active = False
    member.save()

    url = reverse("meetings:calendar_personal", args=[member.calendar_token])

    assert client.get(url).status_code == 404


def test_feed_costs_the_same_for_any_number_of_meetings(client, committee, member):
    profile = RuleProfileFactory(terms__committee=committee)
    url = reverse("meetings:calendar_personal", args=[member.calendar_token])

    def cost(first: int, last: int) -> int:
        announced_meetings(committee, profile, range(first, last + 1))
        with CaptureQueriesContext(connection) as queries:
            assert len(feed(client, url)) == last
        return len(queries)

    assert cost(1, 1) == cost(2, 3) == cost(4, 300)


def announced_meetings(committee, profile, numbers):
    meetings = Meeting.objects.bulk_create(
        MeetingFactory.build(
            committee=committee,
            rule_profile=profile,
            number=number,
            title=f"{number}. møde",
            state=MeetingState.ISSUED,
            announced_at=days(-1),
            agenda_version=1,
        )
        for number in numbers
    )
    IssuedVersion.objects.bulk_create(
        IssuedVersionFactory.build(meeting=meeting, body='{"items": []}') for meeting in meetings
    )


def test_one_meeting_as_a_file_is_for_those_who_may_know_of_it(client, committee, secretary):
    draft = MeetingFactory(committee=committee)
    url = reverse("meetings:meeting_ics", args=[draft.pk])
    assert client.get(url).status_code == 404

    announce_meeting(meeting=draft, by=secretary)

    assert feed(client, url) == [draft.ical_uid]
    assert client.get(url)["Content-Disposition"].startswith("attachment;")


def test_calendar_page_shows_the_secret_address_to_its_owner_only(client, committee, member):
    page = reverse("meetings:calendar_page")
    assert f"/kalender/{committee.slug}.ics" in client.get(page).content.decode()
    assert "/kalender/mit/" not in client.get(page).content.decode()

    client.force_login(member)

    assert member.calendar_token in client.get(page).content.decode()


def test_calendar_page_hides_the_address_from_who_looks_through_another(
    client, committee, member, secretary
):
    client.force_login(secretary)
    session = client.session
    session["view_as"] = {"committee": committee.pk, "who": member.pk}
    session.save()

    page = client.get(reverse("meetings:calendar_page")).content.decode()

    assert member.calendar_token not in page
    assert secretary.calendar_token not in page


def test_calendar_shows_nothing_of_a_body_one_has_left(committee):
    membership = MembershipFactory(committee=committee, valid_to=day(-1))
    meeting = MeetingFactory(committee=committee, online_link="https://example.dk/moede/42")

    assert "moede/42" not in build_calendar([meeting], user=membership.user).decode()
