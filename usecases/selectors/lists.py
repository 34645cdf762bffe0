"""Rows of cases as lists show them, and what of them waits on “My work”."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Q
from django.utils import timezone

from committee.enums import Role
from committee.models import committees_where
from usecases.enums import Status
from usecases.models import UseCase
from usecases.policies import reading_level

# Shape and colour of each status; the word says the same.
SHAPES: dict[str, str] = {
    Status.DRAFT: "empty",
    Status.SUBMITTED: "half",
    Status.UNDER_ASSESSMENT: "half",
    Status.PARKED: "hold",
    Status.APPROVED_FOR_PILOT: "yes",
    Status.PILOT: "now",
    Status.PILOT_ENDED: "half",
    Status.APPROVED_FOR_OPERATION: "yes",
    Status.OPERATION: "done",
    Status.SUSPENDED: "hold",
    Status.RETIRED: "hold",
    Status.REJECTED: "no",
    Status.WITHDRAWN: "no",
}


@dataclass(frozen=True)
class Row:
    """One case as its reader may see it in a list."""

    case: UseCase
    shape: str
    is_title_only: bool
    # Where a merged case went, when its reader may know of that one.
    went_into: UseCase | None = None
    # How many comments stand, for those who read the discussion.
    comments: int = 0


def row_of(user: Any, case: UseCase) -> Row:
    into = case.merged_into
    known = into is not None and reading_level(user, into) != "none"
    level = reading_level(user, case)
    comments = getattr(case, "comment_count", 0) if level == "full" else 0
    return Row(case, SHAPES[case.status], level == "title", into if known else None, comments)


def waiting_for_secretariat(user: Any) -> Any:
    """What was submitted and not taken up yet, oldest first."""
    bodies = committees_where(user, {Role.SECRETARIAT})
    cases = UseCase.objects.filter(
        committee__in=bodies, status=Status.SUBMITTED, merged_into__isnull=True
    )
    return cases.select_related("committee").order_by("submitted_at", "pk")


def own_drafts(user: Any) -> Any:
    """Drafts that one has begun and not submitted, newest first."""
    drafts = UseCase.objects.mine(user).filter(status=Status.DRAFT)
    return drafts.order_by("-updated_at", "-pk")


# What waits for those who answer for a case -----------------------------------------------------

# How long before a pilot ends, or a decision lapses, it is work.
AHEAD = timedelta(days=30)
APPROVED = (Status.APPROVED_FOR_PILOT, Status.APPROVED_FOR_OPERATION)


@dataclass(frozen=True)
class FollowUp:
    """A case that waits for its owner, why, and by which day."""

    case: UseCase
    # revisit | begin | pilot_ends | pilot_ended | suspended | rereview
    why: str
    due: date | None


def own_follow_ups(user: Any, most: int) -> list[FollowUp]:
    """What a decision or a date asks of those who answer for a case; the nearest day first.

    A case without an owner is its proposer's. The proposer also sees that a parked one is due.
    """
    today = timezone.localdate()
    answers = Q(owner=user.pk) | Q(owner__isnull=True)
    begin = Q(status__in=APPROVED)
    pilot = Q(status=Status.PILOT, pilot_end__lte=today + AHEAD)
    later = Q(status__in=(Status.PILOT_ENDED, Status.SUSPENDED))
    again = Q(status=Status.OPERATION, rereview_on__lte=today)
    rows = _unmerged(UseCase.objects.mine(user)).filter(
        _parked_until(today) | answers & (begin | pilot | later | again)
    )
    found = [_follow_up(case) for case in rows.order_by("pk")[:MOST_FOLLOWED]]
    return sorted(found, key=lambda one: (one.due or date.max, one.case.pk))[:most]


# More than anybody answers for; the page shows a few of them.
MOST_FOLLOWED = 200


def _follow_up(case: UseCase) -> FollowUp:
    why, due = {
        Status.PARKED: ("revisit", case.revisit_on),
        Status.APPROVED_FOR_PILOT: ("begin", case.decision_expires),
        Status.APPROVED_FOR_OPERATION: ("begin", case.decision_expires),
        Status.PILOT: ("pilot_ends", case.pilot_end),
        Status.PILOT_ENDED: ("pilot_ended", None),
        Status.SUSPENDED: ("suspended", None),
        Status.OPERATION: ("rereview", case.rereview_on),
    }[Status(case.status)]
    return FollowUp(case, why, due)


def parked_for_secretariat(user: Any) -> Any:
    """What the secretariat has promised itself to look at again by now, the oldest first.

    One's own stand among what one answers for.
    """
    bodies = committees_where(user, {Role.SECRETARIAT})
    rows = _unmerged(UseCase.objects.filter(committee__in=bodies))
    waiting = rows.filter(_parked_until(timezone.localdate()))
    own = UseCase.objects.mine(user).values("pk")
    return waiting.exclude(pk__in=own).order_by(F("revisit_on").asc(), "pk")


def _parked_until(today: date) -> Q:
    return Q(status=Status.PARKED, revisit_on__lte=today)


def _unmerged(rows: Any) -> Any:
    return rows.filter(merged_into__isnull=True).select_related("committee")
