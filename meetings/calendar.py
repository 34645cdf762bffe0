"""Meetings as iCalendar (RFC 5545): feeds, single meetings, invitations and cancellations."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress

from committee.enums import READ_CLOSED
from committee.models import roles_in
from core.mailing import absolute, answer_address, one_line
from meetings.enums import MeetingState
from meetings.models import Meeting
from meetings.selectors.headings import public_headings

PRODID = "-//Udvalgsrum//Kalender//DA"
# How often a subscriber's calendar should look again.
REFRESH = "PT1H"


def build_calendar(
    meetings: Iterable[Meeting], *, method: str = "PUBLISH", user: Any = None, name: str = ""
) -> bytes:
    """The meetings as one calendar file, with what `user` may know of each.

    With REQUEST or CANCEL `user` is the one invited. The same rows give the same bytes.
    """
    meetings = list(meetings)
    with translation.override("da"):
        headings = public_headings(meetings, user)
        calendar = _calendar(method, name)
        for meeting in meetings:
            calendar.add_component(_event(meeting, headings.get(meeting.pk, []), method, user))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def last_modified(meeting: Meeting) -> datetime:
    """When the calendar entry last changed, to the second."""
    moments = [meeting.changed_at, meeting.announced_at]
    return max(moment for moment in moments if moment).astimezone(UTC).replace(microsecond=0)


def _calendar(method: str, name: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODID)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    if name:
        calendar.add("name", one_line(name))
        calendar.add("x-wr-calname", one_line(name))
        calendar.add("x-published-ttl", REFRESH)
    return calendar


def _event(meeting: Meeting, headings: list[str], method: str, user: Any) -> Event:
    event = Event()
    event.add("uid", meeting.ical_uid)
    event.add("dtstamp", last_modified(meeting))
    event.add("last-modified", last_modified(meeting))
    event.add("sequence", meeting.ical_sequence)
    event.add("dtstart", _local(meeting.starts_at))
    event.add("dtend", _local(meeting.ends_at))
    event.add("summary", one_line(meeting.title))
    event.add("status", _status(meeting, method))
    event.add("url", absolute(meeting.get_absolute_url()))
    if meeting.place:
        event.add("location", one_line(meeting.place))
    if text := _description(meeting, headings, user):
        event.add("description", text)
    event.add("organizer", _organizer(meeting))
    if method != "PUBLISH" and user is not None:
        event.add("attendee", _attendee(user))
    return event


def _local(moment: datetime) -> datetime:
    return timezone.localtime(moment, timezone.get_default_timezone())


def _status(meeting: Meeting, method: str) -> str:
    cancelled = method == "CANCEL" or meeting.state == MeetingState.CANCELLED
    return "CANCELLED" if cancelled else "CONFIRMED"


def _description(meeting: Meeting, headings: list[str], user: Any) -> str:
    """The link for taking part, for those who read everything, and the public headings."""
    parts = []
    if meeting.online_link and roles_in(user, meeting.committee_id) & READ_CLOSED:
        parts.append(_("Take part online: %(link)s") % {"link": one_line(meeting.online_link)})
    if headings:
        parts.append("\n".join([_("Agenda:"), *map(one_line, headings)]))
    return "\n\n".join(parts)


def _organizer(meeting: Meeting) -> vCalAddress:
    committee = meeting.committee
    return _person(secretariat_address(meeting), committee.secretariat_unit or committee.full_name)


def secretariat_address(meeting: Meeting) -> str:
    """Where answers go: the municipality's secretariat, else whoever the system writes as."""
    return answer_address(meeting.committee.municipality.contact_email)


def _attendee(user: Any) -> vCalAddress:
    person = _person(user.email, user.name)
    person.params["ROLE"] = "REQ-PARTICIPANT"
    person.params["PARTSTAT"] = "NEEDS-ACTION"
    # Members answer on the meeting's page, where the secretariat sees it.
    person.params["RSVP"] = "FALSE"
    return person


def _person(address: str, name: str) -> vCalAddress:
    person = vCalAddress(f"mailto:{one_line(address)}")
    # A parameter has no way to write a double quote.
    person.params["CN"] = one_line(name).replace('"', "'")
    return person
