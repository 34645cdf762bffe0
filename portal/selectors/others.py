"""What waits for others; only those who run something wait for others here."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from committee.enums import LEADERS
from meetings.enums import MeetingState
from meetings.models import Meeting
from portal.selectors.facts import Facts
from portal.selectors.naming import short_name
from portal.selectors.waiting import (
    Waiting,
    agenda_asked_by,
    answers,
    asked_by,
    public_agenda,
    publication,
    waits_for_chair,
)


def others(facts: Facts) -> Iterator[Waiting]:
    """Only those who run something wait for others here."""
    by_id = {meeting.pk: meeting for meeting in facts.meetings}
    for meeting in facts.meetings:
        if facts.runs(meeting.committee_id):
            yield from _of_chair(facts, meeting)
            yield from _of_second_person(facts, meeting)
    for draft in facts.read_throughs:
        drafted = by_id.get(draft.meeting_id)
        unread = draft.unread_count  # type: ignore[attr-defined]
        if unread and drafted is not None and facts.runs(drafted.committee_id):
            title = ngettext(
                "%(n)s reader has not finished the draft",
                "%(n)s readers have not finished the draft",
                unread,
            ) % {"n": unread}
            url = reverse("meetings:read_through", args=[draft.meeting_id])
            yield Waiting("", title, url, short_name(drafted), draft.due_at, "")
    for row in facts.rounds:
        if facts.runs(row.committee_id) and row.closes_at > facts.now:
            title = _("Written input: %(title)s") % {"title": row.title}
            yield Waiting("", title, row.get_absolute_url(), answers(row), row.closes_at, "")


def _of_second_person(facts: Facts, meeting: Meeting) -> Iterator[Waiting]:
    if asked_by(meeting) == facts.user.pk:
        yield publication(meeting, "", _("Another person is to approve the publication"), "")
    if agenda_asked_by(meeting) == facts.user.pk:
        title = _("Another person is to approve the public agenda")
        yield public_agenda(meeting, "", title, "")


def _of_chair(facts: Facts, meeting: Meeting) -> Iterator[Waiting]:
    name = short_name(meeting)
    if facts.has_role(meeting.committee_id, LEADERS):
        return
    if waits_for_chair(facts, meeting):
        title = _("The chair is to approve the agenda")
        yield Waiting("", title, meeting.get_absolute_url(), name, meeting.agenda_due, "")
    if meeting.state == MeetingState.APPROVAL:
        url = reverse("meetings:meeting_minutes", args=[meeting.pk])
        yield Waiting("", _("The chair is to lock the minutes"), url, name, meeting.minutes_due, "")
