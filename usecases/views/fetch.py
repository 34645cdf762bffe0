"""Fetch and authorise in the first line of a view: not visible is 404, whoever asks."""

from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from usecases.models import UseCase
from usecases.policies import reading_level


def get_case(request: HttpRequest, case_id: int) -> UseCase:
    """The case, if this reader may know of it."""
    rows = UseCase.objects.visible_to(request.user).select_related(
        "committee__municipality", "proposer", "owner", "merged_into"
    )
    case = get_object_or_404(rows, pk=case_id)
    # The frame shows the committee that the page is about.
    request.committee_id = case.committee_id  # type: ignore[attr-defined]
    return case


def get_own_case(request: HttpRequest, case_id: int) -> UseCase:
    """The case, for pages that only those who read all of it have."""
    case = get_case(request, case_id)
    if reading_level(request.user, case) != "full":
        raise Http404
    return case


def trail(*steps: tuple[Any, str]) -> list[dict[str, Any]]:
    """Breadcrumbs that begin at the list."""
    rows = [(_("Proposals"), reverse("usecases:case_list")), *steps]
    return [{"label": label, "url": url} for label, url in rows]


def case_trail(case: UseCase, *steps: tuple[Any, str]) -> list[dict[str, Any]]:
    return trail((case.number, case.get_absolute_url()), *steps)
