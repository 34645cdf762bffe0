"""Where a case has gone, what has gone into it, and what was taken out of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from committee.models import Committee
from usecases import policies
from usecases.models import CaseHandOver, CaseMerge, CaseSplit, UseCase


@dataclass(frozen=True)
class Relation:
    """A tie to another case that the reader may know of."""

    case: UseCase
    at: datetime
    by: str
    # Those outside the committee read that it happened, not why or by whom.
    reason: str


def relations(user: Any, case: UseCase) -> dict[str, Any]:
    """The ties of a case: where it went or came from (one), what it took in or gave (lists)."""
    merges = CaseMerge.objects.filter(Q(case=case) | Q(into=case)).select_related("by")
    splits = CaseSplit.objects.filter(Q(case=case) | Q(origin=case)).select_related("by")
    went: list[Any] = []
    took_in: list[Any] = []
    came: list[Any] = []
    gave: list[Any] = []
    for merge in merges.order_by("pk"):
        out = merge.case_id == case.pk
        (went if out else took_in).append((merge, merge.into_id if out else merge.case_id))
    for split in splits.order_by("pk"):
        out = split.origin_id == case.pk
        (gave if out else came).append((split, split.case_id if out else split.origin_id))
    tell = _teller(user, case, {pk for _row, pk in (*went, *took_in, *came, *gave)})
    return {
        "went_into": next(iter(tell(went)), None),
        "took_in": tell(took_in),
        "came_from": next(iter(tell(came)), None),
        "gave": tell(gave),
        "taken_over": taken_over(user, case),
    }


def taken_over(user: Any, case: UseCase) -> list[CaseHandOver]:
    """The bodies that had the case before, newest first, as far as the reader may know of them."""
    if not case.handed_on:
        return []
    rows = CaseHandOver.objects.filter(case=case, origin__in=Committee.objects.visible_to(user))
    return list(rows.select_related("origin").order_by("-pk"))


def _teller(user: Any, case: UseCase, ids: set[int]) -> Any:
    full = policies.reading_level(user, case) == "full"
    known = UseCase.objects.visible_to(user).filter(pk__in=ids).in_bulk() if ids else {}

    def tell(rows: list[Any]) -> list[Relation]:
        return [
            Relation(known[pk], row.at, row.by.name if full else "", row.reason if full else "")
            for row, pk in rows
            if pk in known
        ]

    return tell


def merge_choices(user: Any, case: UseCase) -> list[UseCase]:
    """The cases that this one can be merged into, newest first."""
    rows = UseCase.objects.visible_to(user).filter(
        committee=case.committee_id, merged_into__isnull=True
    )
    found = rows.exclude(pk=case.pk).order_by("-reference")
    return [one for one in found[:MOST_CHOICES] if policies.can_take_in(user, one)]


MOST_CHOICES = 500
