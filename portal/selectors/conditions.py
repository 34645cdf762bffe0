"""Conditions on “My work”: one's own that are due or late, and what the secretariat verifies."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from committee.enums import Role
from committee.models import committees_where
from ethics.enums.conditions import WITH_OWNER, ConditionState
from ethics.models import Condition
from ethics.models.conditions import own_cases, own_rows
from portal.selectors.waiting import Waiting
from usecases.enums import FINAL

# The page is about what comes next; the list has the rest.
MOST = 5
MOST_LOOKED_AT = 60
HORIZON = timedelta(days=30)
LONGEST_TITLE = 120


def waiting_conditions(user: Any) -> Iterator[Waiting]:
    """One question to the database, however many there are."""
    soon = timezone.localdate() + HORIZON
    to_do = own_rows(user) & Q(state__in=WITH_OWNER, due_on__lte=soon)
    bodies = committees_where(user, {Role.SECRETARIAT})
    handed_in = Q(case__committee__in=bodies, state=ConditionState.HANDED_IN)
    not_mine = ~Q(owner=user.pk) & ~own_cases(user)
    rows = Condition.objects.visible_to(user).exclude(case__status__in=FINAL)
    rows = rows.filter(to_do | (handed_in & not_mine)).select_related("case")
    found = list(rows.order_by("due_on", "pk")[:MOST_LOOKED_AT])
    mine = [row for row in found if row.owner_id == user.pk]
    yield from _some(mine, _mine, "ejer=mig")
    yield from _some([row for row in found if row.owner_id != user.pk], _to_verify, "vis=kontrol")


def _some(rows: list[Condition], entry: Any, query: str) -> Iterator[Waiting]:
    for row in rows[:MOST]:
        yield entry(row)
    if len(rows) > MOST:
        url = f"{reverse('ethics:condition_list')}?{query}"
        title = _("There are more conditions")
        yield Waiting("checklist", title, url, _("Conditions"), None, _("See the conditions"))


def _due(row: Condition) -> datetime:
    """Due until the day is over."""
    return timezone.make_aware(datetime.combine(row.due_on, time.max))


def _mine(row: Condition) -> Waiting:
    words = Truncator(row.text).chars(LONGEST_TITLE)
    title = _("Show that the condition is met: %(text)s") % {"text": words}
    if row.state == ConditionState.REJECTED:
        title = _("Your evidence was turned down: %(text)s") % {"text": words}
    return _entry(row, "checklist", title, "condition_evidence", _("Hand in evidence"))


def _to_verify(row: Condition) -> Waiting:
    words = Truncator(row.text).chars(LONGEST_TITLE)
    title = _("Verify the evidence: %(text)s") % {"text": words}
    return _entry(row, "visibility", title, "condition_verify", _("Look at the evidence"))


def _entry(row: Condition, icon: str, title: str, page: str, button: str) -> Waiting:
    meta = _("Condition · %(number)s %(title)s") % {
        "number": row.case.number,
        "title": row.case.title,
    }
    url = reverse(f"ethics:{page}", args=[row.case_id, row.number])
    return Waiting(icon, title, url, meta, _due(row), button, has_clock=False)
