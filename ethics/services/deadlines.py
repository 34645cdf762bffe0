"""More time for the sheets, or less."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.verdicts import Refused
from ethics.models import ReviewRound
from ethics.policies import rounds as policies
from ethics.services import notices
from ethics.services.rounds import fresh


@transaction.atomic
def move_deadline(*, review: ReviewRound, deadline: datetime, by: Any) -> ReviewRound:
    """Give the sheets of this turn another deadline; those who have not sealed are told.

    Raises `Refused` for a time that has passed.
    """
    review = fresh(review)
    policies.can_move_deadline(by, review).require()
    if deadline <= timezone.now():
        raise Refused(_("Choose a deadline that is still to come."), "deadline")
    before, review.deadline = review.deadline, deadline
    if before == deadline:
        return review
    review.save(update_fields=["deadline"])
    data = {"turn": review.turn, "from": str(before), "to": str(deadline)}
    audit.record("ethics.move_deadline", review, by=by, scope=review.case.committee, data=data)
    notices.tell_deadline(review, by)
    return review
