"""Which use case a decision is about, and the frozen facts that it was taken on."""

import re
from collections.abc import Iterable
from typing import Any

from django.db.models import F, Q

from committee.enums import READ_CLOSED
from committee.models import committees_where
from ethics.models import CaseSnapshot, ReviewRound
from ethics.selectors.snapshots import decided_on
from meetings.models import DecisionText
from meetings.selectors.decision_rows import DecisionRow
from usecases import policies
from usecases.enums import DecisionAccess
from usecases.models import UseCase
from usecases.models.cases import UseCaseQuerySet, fully_readable_to

# The address of an item, in a link that somebody wrote down.
ITEM = re.compile(r"/moeder/\d+/punkt/(\d+)(?:/|$)")
IN_LINKS = "/punkt/"
LISTED = ("pk", "reference", "title", "committee", "status", "decision_case_id", "decision_link")


def tellable(user: Any) -> UseCaseQuerySet:
    """The cases whose decision `user` may know of: not one that is not carried out, nor closed.

    The same as `usecases.selectors.page.official_answer`, for many.
    """
    told = Q(decision_access=DecisionAccess.OPEN)
    told |= Q(committee__in=committees_where(user, READ_CLOSED))
    carried_out = fully_readable_to(user) | Q(decision_recorded_at__lte=F("status_since"))
    return UseCase.objects.readable_by(user).filter(told & carried_out)


def is_about_a_case(user: Any) -> Q:
    """Decisions that `link_cases` finds a case for."""
    cases = tellable(user).order_by()
    numbers = cases.exclude(decision_case_id="").values("decision_case_id")
    references = cases.exclude(reference=None).values("reference")
    named = Q(case_id__in=numbers) | Q(case_id__in=references)
    linked = {*_by_link(cases), *_by_review(user)}
    return named | Q(decision__item__in=linked)


def link_cases(user: Any, rows: Iterable[DecisionRow]) -> None:
    """Put on each row the case that it is about; two queries. Nothing on a closed face."""
    readable = [row for row in rows if not row.is_redacted]
    numbers = [row.case_id for row in readable if row.case_id]
    wanted = Q(decision_case_id__in=numbers) | Q(reference__in=numbers)
    cases = tellable(user).filter(wanted | Q(decision_link__contains=IN_LINKS)).order_by("-pk")
    found = list(cases.only(*LISTED))
    by_item = _by_review(user) | _by_link(found)
    by_number = {case.reference: case for case in found}
    by_number |= {case.decision_case_id: case for case in found}
    for row in readable:
        number = by_number.get(row.case_id) if row.case_id else None
        row.case = by_item.get(row.decision.item_id) or number


def _by_link(cases: Iterable[UseCase]) -> dict[int, UseCase]:
    if isinstance(cases, UseCaseQuerySet):
        cases = cases.filter(decision_link__contains=IN_LINKS).only(*LISTED)
    return {item: case for case in cases if (item := _item_in(case.decision_link))}


def _by_review(user: Any) -> dict[int, UseCase]:
    """What was on the agenda for the committee's own recommendation, for those who may know."""
    rows = ReviewRound.objects.opened_to(user).filter(agenda_url__contains=IN_LINKS)
    cases = UseCase.objects.filter(fully_readable_to(user)).values("pk")
    rows = rows.filter(case__in=cases).select_related("case").order_by("pk")
    found = rows.only("agenda_url", *(f"case__{name}" for name in LISTED if name != "pk"))
    return {item: row.case for row in found if (item := _item_in(row.agenda_url))}


def _item_in(link: str) -> int | None:
    found = ITEM.search(link)
    return int(found[1]) if found and len(found[1]) < 10 else None


def snapshot_of(user: Any, row: DecisionRow) -> CaseSnapshot | None:
    """What the decision was taken on: the newest frozen before the meeting was over.

    Outside, only the one that the recorded decision rests on, as the snapshot's own page has it.
    """
    if row.case is None:
        return None
    case = UseCase.objects.select_related("committee").get(pk=row.case.pk)
    over = row.meeting.held_to or row.meeting.ends_at
    frozen = CaseSnapshot.objects.filter(case=case, at__lte=over).order_by("-number").first()
    if policies.reading_level(user, case) == "full":
        return frozen
    return frozen if frozen is not None and frozen == decided_on(case) else None


def decisions_about(user: Any, case: UseCase) -> list[DecisionText]:
    """The decisions of meetings that are about one case, the newest first."""
    told = tellable(user).filter(pk=case.pk).first()
    numbers = [one for one in (told.decision_case_id, told.reference) if one] if told else []
    items = [item for item, one in _by_review(user).items() if one.pk == case.pk]
    if told and (linked := _item_in(told.decision_link)):
        items.append(linked)
    if not numbers and not items:
        return []
    about = Q(case_id__in=numbers) | Q(decision__item__in=items)
    rows = DecisionText.objects.visible_to(user).fully_read_by(user).filter(about)
    return list(
        rows.select_related("decision__meeting").order_by(
            "-decision__meeting__starts_at", "-decision__serial"
        )[:20]
    )
