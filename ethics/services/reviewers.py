"""Those who review a case: asked, impartial or not, released."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committee.enums import SEATED
from committee.models import Membership, User
from core import audit
from core.text import clean_text
from core.verdicts import Refused, StaleState
from ethics.enums.rounds import Capacity, Conflict, RoundState
from ethics.models import ReviewAssignment, ReviewRound
from ethics.policies import rounds as policies
from ethics.services import notices
from ethics.services.rounds import fresh, hand_out

LONGEST_GROUNDS = 1000


@transaction.atomic
def assign_reviewer(
    *, review: ReviewRound, reviewer: User, by: Any, knows_ethics: bool | None = None
) -> ReviewAssignment:
    """Ask somebody to review. As what, and whether they know ethics, follows from their seat.

    Raises `Refused` for the proposer, the owner, one who is disqualified, or an outsider.
    """
    review = fresh(review)
    policies.can_assign(by, review).require()
    verdict = policies.may_review(reviewer, review)
    if not verdict:
        raise Refused(str(verdict.reason), "reviewer")
    seat = seat_of(reviewer, review)
    capacity = policies.capacity_of(reviewer, review, seat)
    if capacity == Capacity.OTHER:
        raise Refused(_("This person has no seat and no role as a reviewer."), "reviewer")
    known = capacity == Capacity.EXPERT or bool(seat and seat.brings_ethics)
    row, made = ReviewAssignment.objects.get_or_create(
        round=review, reviewer=reviewer, defaults={"capacity": capacity}
    )
    if not made and row.released_at is None and row.has_sheet:
        raise StaleState(_("This person has been asked already. Nothing was changed."))
    row.capacity, row.released_at = capacity, None
    row.knows_ethics = known if knows_ethics is None else knows_ethics
    row.assigned_at, row.assigned_by = timezone.now(), by
    row.save()
    data = {"reviewer": reviewer.pk, "capacity": str(capacity)}
    audit.record("ethics.assign_reviewer", review, by=by, scope=review.case.committee, data=data)
    notices.tell_asked(review, reviewer, by)
    return row


def seat_of(person: User, review: ReviewRound) -> Any:
    """The seat group in which a member sits, if any."""
    rows = Membership.objects.active().filter(
        committee=review.case.committee_id, user=person, role__in=SEATED
    )
    found = rows.filter(seat_group__isnull=False).select_related("seat_group").first()
    return found.seat_group if found else None


@transaction.atomic
def release_reviewer(*, assignment: ReviewAssignment, reason: str, by: Any) -> ReviewAssignment:
    """Let somebody go who cannot review after all. What they sealed is never taken away."""
    review = fresh(assignment.round)
    policies.can_assign(by, review).require()
    row = ReviewAssignment.objects.get(pk=assignment.pk)
    if row.released_at:
        raise StaleState(_("This person has been released already. Nothing was changed."))
    if row.sheets.filter(turn=review.turn, sealed_at__isnull=False).exists():
        raise StaleState(_("The sheet is sealed. Nothing was changed."))
    if not clean_text(reason):
        raise Refused(_("Write the reason."), "reason")
    row.released_at = timezone.now()
    row.save(update_fields=["released_at"])
    data = {"reviewer": row.reviewer_id}
    audit.record("ethics.release_reviewer", review, by=by, scope=review.case.committee, data=data)
    return row


@transaction.atomic
def declare_impartiality(
    *, review: ReviewRound, answer: str, by: Any, grounds: str = ""
) -> ReviewAssignment:
    """Say for this very case whether one is impartial. “Yes, partial” and doubt need a ground.

    Who was not asked to review says it, too, when something stands in the way.
    """
    review = fresh(review)
    policies.may_declare(by, review).require()
    if answer not in Conflict.values:
        raise Refused(_("Choose one of the answers."), "answer")
    grounds = clean_text(grounds)
    if len(grounds) > LONGEST_GROUNDS:
        raise Refused(_("Write at most %(n)s characters.") % {"n": LONGEST_GROUNDS}, "grounds")
    if answer != Conflict.NO and not grounds:
        raise Refused(_("Write in a sentence what it is."), "grounds")
    row, _made = ReviewAssignment.objects.get_or_create(
        round=review, reviewer=by, defaults={"capacity": Capacity.OTHER, "assigned_by": by}
    )
    row.conflict, row.grounds, row.answered_at = answer, grounds, timezone.now()
    row.save(update_fields=["conflict", "grounds", "answered_at"])
    audit.record(
        "ethics.declare_impartiality",
        review,
        by=by,
        scope=review.case.committee,
        data={"answer": str(answer)},
    )
    if row.is_impartial and review.state == RoundState.INDIVIDUAL:
        # Somebody who was asked late begins now.
        hand_out(review)
    return row
