"""Re-visits on “My work”: the secretariat's, of its body and of the one before."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from committee.enums import Role
from committee.models import Committee, committees_where
from portal.selectors.waiting import Waiting

HORIZON = timedelta(days=90)


def waiting_revisits(user: Any) -> Iterator[Waiting]:
    """What is due within three months, or late."""
    bodies = committees_where(user, {Role.SECRETARIAT})
    if not bodies:
        return
    rows = Committee.objects.filter(Q(pk__in=bodies) | Q(successors__in=bodies)).distinct()
    for row in rows.filter(revisit_on__lte=timezone.localdate() + HORIZON).order_by("pk"):
        yield _waiting(row)


def _waiting(row: Committee) -> Waiting:
    """Due until the day is over."""
    due = (
        timezone.make_aware(datetime.combine(row.revisit_on, time.max)) if row.revisit_on else None
    )
    title = _("Look at the work of %(name)s again") % {"name": row.name}
    url = reverse("reports:revisit_new", args=[row.slug])
    button = _("Record the re-visit")
    return Waiting("calendar-month", title, url, _("Re-visit"), due, button, has_clock=False)
