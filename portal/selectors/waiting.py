"""A row of “My work”, and what both lists ask about."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meetings.enums import AGENDA_OPEN, MeetingState
from meetings.models import InputRound, Meeting
from portal.selectors.facts import Facts
from portal.selectors.naming import short_name

Text = str | Promise


@dataclass(frozen=True)
class Waiting:
    """Something to do: the sentence, where, by when, and the words of its button."""

    icon: str
    title: str
    url: str
    meta: str
    due: datetime | None
    button: Text
    has_clock: bool = True


def asked_by(meeting: Meeting) -> int | None:
    """Who waits for a second person to approve the publication."""
    person: int | None = meeting.publication_asked_by  # type: ignore[attr-defined]
    return person if is_unpublished(meeting) else None


def is_unpublished(meeting: Meeting) -> bool:
    """Are the minutes locked, or added to, without citizens reading them as they are?"""
    return meeting.state == MeetingState.LOCKED or meeting.has_unpublished_addition


def publication(meeting: Meeting, icon: str, title: str, button: str) -> Waiting:
    url = reverse("meetings:meeting_publish", args=[meeting.pk])
    meta = _("%(meeting)s · the minutes are locked") % {"meeting": short_name(meeting)}
    return Waiting(icon, title, url, meta, meeting.minutes_due, button)


def agenda_asked_by(meeting: Meeting) -> int | None:
    """Who waits for a second person to let citizens read the agenda."""
    person: int | None = meeting.agenda_asked_by  # type: ignore[attr-defined]
    return person if meeting.has_unpublished_agenda else None


def agenda_to_check(meeting: Meeting) -> bool:
    """Do citizens wait for an agenda that nobody has asked to have approved?"""
    waits = meeting.has_unpublished_agenda and not meeting.is_agenda_withdrawn
    return waits and agenda_asked_by(meeting) is None


def public_agenda(meeting: Meeting, icon: str, title: str, button: str) -> Waiting:
    url = reverse("meetings:agenda_publish", args=[meeting.pk])
    meta = _("%(meeting)s · the members have it") % {"meeting": short_name(meeting)}
    return Waiting(icon, title, url, meta, meeting.agenda_due, button)


def waits_for_chair(facts: Facts, meeting: Meeting) -> bool:
    return (
        bool(meeting.rule_profile.rules["chair_approves_agenda"])
        and meeting.agenda_approved_at is None
        and not meeting.agenda_version
        and meeting.state in AGENDA_OPEN
        and bool(facts.items.get(meeting.pk))
        and meeting.ends_at > facts.now
    )


def answers(row: InputRound) -> str:
    count = row.answer_count  # type: ignore[attr-defined]
    return ngettext("%(n)s answer so far", "%(n)s answers so far", count) % {"n": count}
