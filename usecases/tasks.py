"""What happens by itself: pilots end, decisions lapse."""

import logging

from celery import shared_task

from core.verdicts import NotAllowed, StaleState
from usecases.services.moves import move_case, overdue_moves

logger = logging.getLogger(__name__)


@shared_task
def move_overdue_cases() -> int:
    """Make the system's own moves; one that somebody was faster with is left alone."""
    made = 0
    for case, move in overdue_moves():
        try:
            move_case(case=case, move=move, by=None)
        except (NotAllowed, StaleState) as refusal:
            logger.info("Case %s did not %s: %s", case.pk, move, refusal)
        else:
            made += 1
    return made
