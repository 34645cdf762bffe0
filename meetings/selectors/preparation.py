"""“Mødeforberedelse”: a task list whose statuses come from the data, never from a tick."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meetings.enums import (
    AGENDA_OPEN,
    CLOSED_RECORD,
    DECISION,
    Access,
    AttendanceStatus,
    MeetingState,
)
from meetings.models import AgendaItem, Meeting
from meetings.selectors.completeness import missing_in_item, missing_in_publication
from meetings.selectors.snapshot import agenda_items


@dataclass(frozen=True)
class Task:
    """One line: what, where it stands (a shape of `ur.STATUSES`; its usual word unless told)."""

    label: str
    url: str
    shape: str
    word: str
    detail: str = ""


def _task(label: str, url: str, shape: str, detail: str = "", word: str = "") -> Task:
    return Task(label, url, shape, word, detail)


def preparation(meeting: Meeting, items: list[AgendaItem] | None = None) -> list[Task]:
    """The nine tasks from agenda to publication. `items` saves a query when already fetched."""
    items = agenda_items(meeting) if items is None else items
    for item in items:
        item.meeting = meeting
    return [
        _agenda(meeting, items),
        _attachments(meeting, items),
        _confidentiality(meeting, items),
        _invitation(meeting),
        _attendance(meeting),
        _decisions(meeting, items),
        _minutes(meeting),
        _approval(meeting),
        _publication(meeting),
    ]


def _agenda(meeting: Meeting, items: list[AgendaItem]) -> Task:
    url = meeting.get_absolute_url()
    if not items:
        return _task(_("Agenda"), url, "empty")
    lacking = [item for item in items if missing_in_item(item)]
    if lacking:
        detail = ngettext(
            "%(count)s item lacks something", "%(count)s items lack something", len(lacking)
        ) % {"count": len(lacking)}
        return _task(_("Agenda"), url, "miss", detail)
    return _task(_("Agenda"), url, "done")


def _attachments(meeting: Meeting, items: list[AgendaItem]) -> Task:
    url = reverse("meetings:meeting_attachments", args=[meeting.pk])
    count = sum(len(item.attachments.all()) for item in items)
    detail = ngettext("%(count)s attachment", "%(count)s attachments", count) % {"count": count}
    return _task(_("Attachments"), url, "done" if count else "empty", detail if count else "")


def _confidentiality(meeting: Meeting, items: list[AgendaItem]) -> Task:
    url = reverse("meetings:meeting_issue", args=[meeting.pk])
    if not items:
        return _task(_("Confidentiality check"), url, "empty")
    found = missing_in_publication(meeting, items)
    detail = ngettext("%(count)s finding", "%(count)s findings", len(found)) % {"count": len(found)}
    if found:
        return _task(_("Confidentiality check"), url, "miss", detail)
    closed = sum(item.access == Access.CLOSED for item in items)
    told = ngettext("%(count)s closed item", "%(count)s closed items", closed) % {"count": closed}
    return _task(_("Confidentiality check"), url, "done", told if closed else "")


def _invitation(meeting: Meeting) -> Task:
    url = reverse("meetings:meeting_issue", args=[meeting.pk])
    if not meeting.agenda_version:
        return _task(_("Invitation"), url, "empty")
    word = _("Issued, version %(number)s") % {"number": meeting.agenda_version}
    shape = "done" if meeting.state in AGENDA_OPEN else "locked"
    return _task(_("Invitation"), url, shape, word=word)


def _attendance(meeting: Meeting) -> Task:
    url = reverse("meetings:meeting_people", args=[meeting.pk])
    rows = list(meeting.attendance.values_list("status", flat=True))
    answered = sum(status != AttendanceStatus.UNKNOWN for status in rows)
    if not answered:
        return _task(_("Attendance"), url, "empty")
    word = _("%(answered)s of %(all)s answers") % {"answered": answered, "all": len(rows)}
    return _task(_("Attendance"), url, "done" if answered == len(rows) else "half", word=word)


def _decisions(meeting: Meeting, items: list[AgendaItem]) -> Task:
    url = reverse("meetings:meeting_minutes", args=[meeting.pk])
    decided = sum(
        any(text.key == DECISION and text.text for text in item.texts.all()) for item in items
    )
    if not decided:
        return _task(_("Decisions"), url, "empty")
    word = _("%(decided)s of %(all)s written") % {"decided": decided, "all": len(items)}
    return _task(_("Decisions"), url, "done" if decided == len(items) else "half", word=word)


def _minutes(meeting: Meeting) -> Task:
    url = reverse("meetings:meeting_minutes", args=[meeting.pk])
    if meeting.state in CLOSED_RECORD:
        word = _("Locked, version %(number)s") % {"number": meeting.minutes_version}
        return _task(_("Minutes"), url, "locked", word=word)
    if meeting.minutes_version:
        return _task(_("Minutes"), url, "done")
    writing = meeting.state in (MeetingState.IN_SESSION, MeetingState.MINUTES_DRAFT)
    return _task(_("Minutes"), url, "half" if writing else "empty")


def _approval(meeting: Meeting) -> Task:
    url = reverse("meetings:meeting_minutes", args=[meeting.pk])
    if meeting.state in CLOSED_RECORD:
        return _task(_("Approval"), url, "done")
    return _task(_("Approval"), url, "half" if meeting.state == MeetingState.APPROVAL else "empty")


def _publication(meeting: Meeting) -> Task:
    url = reverse("meetings:meeting_publish", args=[meeting.pk])
    done = meeting.state == MeetingState.PUBLISHED
    return _task(_("Publication"), url, "done" if done else "empty")
