"""Mails about a review: queued here, sent by `ethics.tasks`. Never a word of what was written."""

from collections.abc import Iterable
from typing import Any

from committee.enums import SEATED, Role
from committee.models import Membership
from core import outbox
from ethics.models import ReviewRound

SEND = "ethics.review_notice"
ASKED, SHEETS, REMIND, REVEALED = "asked", "sheets", "remind", "revealed"
FAST_TRACK, CALLED_UP, DEADLINE = "fast_track", "called_up", "deadline"


def tell_asked(review: ReviewRound, person: Any, by: Any) -> None:
    _queue(review, [person.pk], ASKED, by)


def tell_sheets(review: ReviewRound, by: Any) -> None:
    _queue(review, _reviewers(review), SHEETS, by)


def tell_deadline(review: ReviewRound, by: Any) -> None:
    """Those whose sheet is still open hear of each new deadline."""
    late = [one.assignment.reviewer_id for one in review.turn_sheets if not one.sealed_at]
    _queue(review, late, DEADLINE, by, once=f"{review.deadline:%Y%m%d%H%M}")


def tell_revealed(review: ReviewRound, by: Any) -> None:
    _queue(review, _reviewers(review), REVEALED, by)


def tell_fast_track(review: ReviewRound, by: Any) -> None:
    """Every member hears of it and can call it up; those who are out do not."""
    _queue(review, _holders(review, SEATED), FAST_TRACK, by)


def tell_called_up(review: ReviewRound, by: Any) -> None:
    _queue(review, _holders(review, {Role.SECRETARIAT}), CALLED_UP, by)


def remind(review: ReviewRound, people: Iterable[int]) -> None:
    _queue(review, people, REMIND, None)


def _reviewers(review: ReviewRound) -> list[int]:
    return [one.reviewer_id for one in review.reviewers if one.is_impartial]


def _holders(review: ReviewRound, roles: Iterable[Role]) -> list[int]:
    rows = Membership.objects.active().filter(
        committee=review.case.committee_id, role__in=roles, user__is_active=True
    )
    found = set(rows.values_list("user", flat=True))
    return sorted(found - review.out_ids - {review.case.proposer_id, review.case.owner_id})


def _queue(review: ReviewRound, people: Iterable[int], what: str, by: Any, once: str = "") -> None:
    for pk in people:
        outbox.enqueue(
            kind=SEND,
            key=f"review:{review.pk}:{review.turn}:{what}{once}:{pk}",
            payload={"review": review.pk, "user": pk, "what": what, "turn": review.turn},
            by=by.pk if by is not None else None,
        )
