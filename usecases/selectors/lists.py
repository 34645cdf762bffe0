"""Rows of cases as lists show them, and the two lists of “My work”."""

from dataclasses import dataclass
from typing import Any

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


def row_of(user: Any, case: UseCase) -> Row:
    return Row(case, SHAPES[case.status], reading_level(user, case) == "title")


def waiting_for_secretariat(user: Any) -> Any:
    """What was submitted and not taken up yet, oldest first."""
    bodies = committees_where(user, {Role.SECRETARIAT})
    cases = UseCase.objects.filter(committee__in=bodies, status=Status.SUBMITTED)
    return cases.select_related("committee").order_by("submitted_at", "pk")


def own_drafts(user: Any) -> Any:
    """Drafts that one has begun and not submitted, newest first."""
    drafts = UseCase.objects.mine(user).filter(status=Status.DRAFT)
    return drafts.order_by("-updated_at", "-pk")
