"""What a review lets the case do; the life cycle asks before it approves."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.verdicts import YES, Verdict, no
from ethics.enums.rounds import RoundState
from ethics.models import ReviewRound
from usecases.enums import Decision

APPROVALS = frozenset({Decision.PILOT, Decision.OPERATION})


def approval(case: Any) -> Verdict:
    """A yes comes through a review that ended with just this decision, and is used once."""
    last = ReviewRound.objects.filter(case=case).order_by("-number").first()
    if last is None:
        return no(_("The case must be reviewed before it can be approved."))
    ended = last.state == RoundState.CLOSED and last.decision == case.decision
    if ended and last.closed_at and last.closed_at >= case.status_since:
        return YES
    return no(_("The yes of the body is recorded in the review of the case, when it gets there."))
