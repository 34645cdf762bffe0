"""Meetings: who came."""

from collections import Counter, defaultdict
from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from committee.enums import SEE_DRAFTS
from committee.models import Committee, committees_where, roles_of
from meetings.enums import CLOSED_RECORD, HELD, AttendanceStatus, MeetingState
from meetings.models import Attendance, Meeting
from reports.charts import Look, Stack, Stacked
from reports.charts.draw import day
from reports.figures.days import after, before

A = AttendanceStatus
PARTS: tuple[tuple[tuple[str, ...], Look], ...] = (
    ((A.PRESENT,), "main"),
    ((A.SUBSTITUTE,), "soft"),
    ((A.APOLOGY,), "pale"),
    ((A.ABSENT, A.UNKNOWN), "late"),
)


def attendance(user: Any, committee: Committee, start: date, end: date) -> Stacked:
    """Who came to each meeting whose minutes this reader may read."""
    meetings = list(_meetings(user, committee, start, end))
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    rows = Attendance.objects.filter(meeting__in=[one.pk for one in meetings])
    for meeting, status in rows.order_by().values_list("meeting", "status"):
        counts[meeting][status] += 1
    told = [one for one in meetings if counts[one.pk]]
    bars = tuple(
        Stack(
            _label(one),
            tuple(sum(counts[one.pk][key] for key in keys) for keys, _look in PARTS),
            one.get_absolute_url(),
        )
        for one in told
    )
    names = (_("Present"), _("Substitute"), _("Apology"), _("Absent without apology"))
    series = tuple((str(name), look) for name, (_keys, look) in zip(names, PARTS, strict=True))
    return Stacked(
        "attendance", _("Attendance at the meetings"), _message(bars), series, bars, _("Members"),
        url=reverse("meetings:meeting_list") if bars else "",
    )  # fmt: skip


def _meetings(user: Any, committee: Committee, start: date, end: date) -> Any:
    """Held ones; for others than the secretariat and the chair those whose minutes are locked,
    and for citizens those that are published."""
    readable = Q(state=MeetingState.PUBLISHED)
    if committee.pk in roles_of(user):
        readable |= Q(state__in=CLOSED_RECORD)
    if committee.pk in committees_where(user, SEE_DRAFTS):
        readable |= Q(state__in=HELD - {MeetingState.IN_SESSION})
    rows = Meeting.objects.visible_to(user).filter(readable, committee=committee)
    rows = rows.filter(starts_at__gte=before(start), starts_at__lt=after(end))
    return rows.order_by("starts_at", "pk")


def _label(meeting: Meeting) -> str:
    from django.utils.timezone import localtime

    facts = {"number": meeting.number, "day": day(localtime(meeting.starts_at).date())}
    return _("Meeting %(number)s, %(day)s") % facts


def _message(bars: tuple[Stack, ...]) -> str:
    if not bars:
        return _("No attendance has been recorded in the period.")
    came = sum(bar.values[0] + bar.values[1] for bar in bars)
    seats = sum(sum(bar.values) for bar in bars)
    return _("%(percent)s %% of the seats were filled") % {"percent": round(100 * came / seats)}
