"""What must be done by when."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from committee.enums import DeliverableStatus
from committee.models import Committee, Deliverable
from ethics.enums.conditions import UNSETTLED
from ethics.models import Condition
from meetings.enums import FollowUpState, MeetingState
from meetings.models import FollowUp, Meeting
from reports.charts import Mark, Timeline
from reports.figures.days import after, before
from usecases.enums import FINAL
from usecases.models import UseCase


def due_dates(user: Any, committee: Committee, on: date, until: date) -> Timeline:
    """Dates from one day to another, as they stand now; and in words what was due before."""
    marks = tuple(
        sorted(_marks(user, committee, on, until), key=lambda one: (one.on, one.kind, one.label))
    )
    late = _overdue(user, committee, on)
    return Timeline(
        "due-dates", _("What is due"), _message(marks, late), on, max(on, until), on, marks
    )


def _marks(user: Any, committee: Committee, on: date, until: date) -> Iterator[Mark]:
    span = (on, until)
    for meeting in Meeting.objects.visible_to(user).filter(
        committee=committee, starts_at__gte=before(on), starts_at__lt=after(until)
    ).exclude(state=MeetingState.CANCELLED):  # fmt: skip
        day = localtime(meeting.starts_at).date()
        label = _("Meeting %(n)s") % {"n": meeting.number}
        yield Mark(day, label, "meeting", meeting.get_absolute_url())
    terms = committee.terms.order_by("-version").values("pk")[:1]
    for task in Deliverable.objects.filter(terms__in=list(terms.values_list("pk", flat=True))):
        if task.due_on and on <= task.due_on <= until and task.status != DeliverableStatus.DONE:
            yield Mark(task.due_on, task.title, "milestone", committee.get_absolute_url())
    for row in _conditions(user, committee).filter(due_on__range=span):
        label = _("Condition %(n)s of %(case)s") % {"n": row.number, "case": row.case.number}
        yield Mark(row.due_on, label, "due", row.case.get_absolute_url())
    for one in _follow_ups(user, committee).filter(due_on__range=span):
        facts = {"n": one.item.meeting.number}
        yield Mark(one.due_on, _("Follow-up of meeting %(n)s") % facts, "due")
    yield from _of_cases(user, committee, on, until)


def _of_cases(user: Any, committee: Committee, on: date, until: date) -> Iterator[Mark]:
    """Ends of pilots and new reviews, of uses of which the reader reads more than the title."""
    said = {
        "pilot_end": _("The pilot of %(case)s ends"),
        "rereview_on": _("New review of %(case)s"),
        "revisit_on": _("%(case)s is taken up again"),
    }
    asked = Q(*[(f"{name}__range", (on, until)) for name in said], _connector=Q.OR)
    rows = UseCase.objects.readable_by(user).filter(asked, committee=committee)
    for case in rows.exclude(status__in=FINAL).filter(submitted_at__isnull=False):
        for name, words in said.items():
            day = getattr(case, name)
            if day and on <= day <= until:
                yield Mark(day, words % {"case": case.number}, "other", case.get_absolute_url())


def _conditions(user: Any, committee: Committee) -> Any:
    rows = Condition.objects.readable_by(user).filter(case__committee=committee)
    return rows.filter(state__in=UNSETTLED).select_related("case").distinct()


def _follow_ups(user: Any, committee: Committee) -> Any:
    rows = FollowUp.objects.visible_to(user).filter(item__meeting__committee=committee)
    return rows.filter(state=FollowUpState.OPEN).select_related("item__meeting")


def _overdue(user: Any, committee: Committee, on: date) -> int:
    conditions = _conditions(user, committee).overdue(on).count()
    return int(conditions + _follow_ups(user, committee).filter(due_on__lt=on).count())


def _message(marks: tuple[Mark, ...], late: int) -> str:
    due = sum(mark.kind != "meeting" for mark in marks)
    said = (
        ngettext("%(n)s date comes due", "%(n)s dates come due", due) % {"n": due}
        if due
        else _("Nothing comes due in the period")
    )
    if not late:
        return said
    more = ngettext("%(n)s is overdue already", "%(n)s are overdue already", late) % {"n": late}
    return f"{said}, {more}"
