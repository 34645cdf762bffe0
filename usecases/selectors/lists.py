"""The simple list of cases; the register widens it."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator

from committee.enums import Role
from committee.models import committees_where
from usecases.enums import Status
from usecases.models import UseCase
from usecases.policies import reading_level

PER_PAGE = 25
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


def case_list(user: Any, which: str = "", page: str = "1") -> dict[str, Any]:
    """The page of the list: all, one's own, or what waits for the secretariat."""
    cases = UseCase.objects.visible_to(user).select_related("committee")
    if which == "mine":
        cases = cases.mine(user)
    elif which == "waiting":
        cases = waiting_for_secretariat(user)
    else:
        which = ""
        cases = cases.exclude(status__in=[Status.DRAFT, Status.WITHDRAWN])
    found: Page[UseCase] = Paginator(cases, PER_PAGE).get_page(page)
    rows = [row_of(user, case) for case in found]
    return {
        "rows": rows,
        "page": found,
        "which": which,
        "total": found.paginator.count,
        "prepares": bool(committees_where(user, {Role.SECRETARIAT})),
    }


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
