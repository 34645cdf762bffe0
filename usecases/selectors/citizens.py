"""What a citizen sees of their own proposal: public facts and the official answer."""

from typing import Any

from django.contrib.auth.models import AnonymousUser

from usecases.enums import Status
from usecases.models import CitizenProposal, UseCase
from usecases.policies import reading_level
from usecases.selectors.lists import SHAPES
from usecases.selectors.page import official_answer


def by_status_token(token: str) -> CitizenProposal | None:
    """The confirmed proposal behind a status address."""
    rows = CitizenProposal.objects.select_related(
        "case__committee__municipality", "case__merged_into__committee", "committee"
    )
    return rows.filter(status_token=token, confirmed_at__isnull=False).first()


def status_page(proposal: CitizenProposal) -> dict[str, Any]:
    """Never more than anybody may read, but for the words that they themselves sent."""
    anybody = AnonymousUser()
    case = proposal.case
    assert case is not None  # noqa: S101 - the database's own rule for a confirmed proposal
    level = reading_level(anybody, case)
    return {
        "proposal": proposal,
        "case": case,
        "shape": SHAPES[case.status],
        "answer": official_answer(anybody, case) if level == "public" else None,
        "has_page": level in ("public", "title"),
        "steps": _steps(case),
        "merged": _readable(case.merged_into),
        "is_merged": case.merged_into_id is not None,
    }


def _readable(case: UseCase | None) -> UseCase | None:
    if case is None or reading_level(AnonymousUser(), case) == "none":
        return None
    return case


def _steps(case: UseCase) -> list[dict[str, Any]]:
    """The moves so far by their status and day; reasons stay inside."""
    rows = case.status_changes.exclude(new=Status.DRAFT)
    return [
        {"label": change.get_new_display(), "at": change.at, "shape": SHAPES[change.new]}
        for change in rows
    ]
