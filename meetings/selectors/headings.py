"""The headings that may leave the house: in calendars and in mail, never a closed one's own."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext as _

from meetings.enums import Access, MeetingState, VersionKind
from meetings.models import AgendaItem, IssuedVersion, Meeting
from meetings.policies import is_insider
from meetings.selectors.reading import MINUTES_OUT

# Meeting id → kind and number of the version that is read.
Kinds = dict[int, tuple[str, int]]


def public_headings(meetings: Iterable[Meeting], user: Any) -> dict[int, list[str]]:
    """Meeting id → numbered public headings of what `user` has been sent; nothing before that.

    Two queries however many meetings. The meetings need `rule_profile` fetched.
    """
    kinds = {meeting.pk: read for meeting in meetings if (read := _read_by(meeting, user))}
    if not kinds:
        return {}
    closed = _closed_now(kinds)
    return {
        version.meeting_id: [
            f"{item['number']}. {_heading(item, closed)}" for item in version.snapshot["items"]
        ]
        for version in _versions(kinds)
        if kinds[version.meeting_id] == (version.kind, version.number)
    }


def _read_by(meeting: Meeting, user: Any) -> tuple[str, int] | None:
    """Agenda or minutes, as the reading rule has it; None when the reader has neither."""
    if meeting.state == MeetingState.CANCELLED:
        return None
    if is_insider(user, meeting):
        if meeting.state in MINUTES_OUT and meeting.minutes_version:
            return VersionKind.MINUTES, meeting.minutes_version
        return VersionKind.AGENDA, meeting.agenda_version
    if meeting.state == MeetingState.PUBLISHED:
        return VersionKind.MINUTES, meeting.public_minutes
    if meeting.rule_profile.rules["agenda_public_on_issue"]:
        return VersionKind.AGENDA, meeting.public_agenda
    return None


def _versions(kinds: Kinds) -> Iterable[IssuedVersion]:
    agenda = Q(number=F("meeting__agenda_version")) | Q(number=F("meeting__public_agenda"))
    minutes = Q(number=F("meeting__minutes_version")) | Q(number=F("meeting__public_minutes"))
    read = Q(agenda, kind=VersionKind.AGENDA) | Q(minutes, kind=VersionKind.MINUTES)
    return IssuedVersion.objects.filter(read, meeting__in=list(kinds))


def _closed_now(kinds: Kinds) -> dict[int, str]:
    """What has been closed since it was issued is closed in the calendar too."""
    items = AgendaItem.objects.filter(meeting__in=list(kinds), access=Access.CLOSED)
    return dict(items.values_list("pk", "public_title"))


def _heading(item: dict[str, Any], closed: dict[int, str]) -> str:
    if item["access"] == Access.OPEN and item["id"] in closed:
        return closed[item["id"]]
    return str(item["public_title"])


def mailed_heading(item: AgendaItem) -> str:
    """An item's public heading as it was last issued, with today's closing; else its number."""
    meeting = item.meeting
    numbers = {"kind": VersionKind.AGENDA, "number": meeting.agenda_version}
    version = meeting.versions.filter(**numbers).first()
    for entry in version.snapshot["items"] if version else []:
        if entry["id"] == item.pk:
            closed = {item.pk: item.public_title} if item.is_closed else {}
            return _heading(entry, closed)
    return _("Item %(number)s") % {"number": item.position}
