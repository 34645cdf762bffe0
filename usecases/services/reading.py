"""How far a person has read a discussion.

"New since last" must survive a reload, and a reader must not have to tick off every comment. So
a marker has two halves: what was *shown* during the present visit, and what is *read*. Opening
the case notes what was shown; a reload within half an hour is the same visit and clears nothing.
When somebody comes back later, what the earlier visit showed counts as read. "Mark as read" says
so at once, and only for what stood on the page when it was loaded: a comment that arrived since
stays new.

Looking writes nothing (ADR 0017): the page's script notes the visit with a POST. Without a
script only the button, or one's own comment, moves the marker.
"""

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from usecases import policies
from usecases.models import CaseReading, Comment, UseCase
from usecases.selectors.reading import seen_until


@transaction.atomic
def note_visit(*, case: UseCase, shown: int, by: Any) -> CaseReading:
    """The case is open before `by`, with comments up to `shown`."""
    row = _locked(case, by)
    row.seen_until = seen_until(row)
    row.shown_until = max(row.shown_until, _real(case, shown))
    return _saved(row)


@transaction.atomic
def mark_read(*, case: UseCase, shown: int, by: Any) -> CaseReading:
    """`by` has read everything up to `shown`."""
    row = _locked(case, by)
    row.seen_until = max(seen_until(row), _real(case, shown))
    row.shown_until = max(row.shown_until, row.seen_until)
    return _saved(row)


def _locked(case: UseCase, by: Any) -> CaseReading:
    policies.can_follow(by, case).require()
    CaseReading.objects.get_or_create(case=case, user=by)
    return CaseReading.objects.select_for_update().get(case=case, user=by)


def _saved(row: CaseReading) -> CaseReading:
    row.visited_at = timezone.now()
    row.save(update_fields=["seen_until", "shown_until", "visited_at"])
    return row


def _real(case: UseCase, shown: int) -> int:
    """A page cannot have shown more than there is."""
    newest = Comment.objects.filter(case=case).aggregate(n=Max("number"))["n"] or 0
    return max(0, min(shown, newest))
