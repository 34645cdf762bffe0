"""What happens by itself: pilots end, decisions lapse, mail goes out."""

import logging

from celery import shared_task
from django.db import transaction
from django.utils import translation

from committee.models import User
from core import audit, mailing, outbox
from core.outbox import Payload, Report
from core.verdicts import NotAllowed, StaleState
from usecases.models import Comment, UseCase
from usecases.notices import case_notice
from usecases.policies import reading_level
from usecases.services import telling
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


@outbox.handler(telling.SEND)
def send_case_notice(payload: Payload, report: Report) -> None:
    """Tell one person that something is new, if they may still read it."""
    case = UseCase.objects.select_related("committee__municipality").get(pk=payload["case"])
    user = User.objects.get(pk=payload["user"])
    if why := _why_not_told(case, user, payload):
        report(why, 100)
        logger.info("No mail to person %s about case %s: %s", user.pk, case.pk, why)
        with transaction.atomic():
            facts = {"user": user.pk, "why": why}
            audit.record("usecases.mail_not_sent", case, by=None, scope=case.committee, data=facts)
        return
    with translation.override(mailing.LANGUAGE):
        mailing.send(mailing.build_notice(case_notice(case, payload), user))


def _why_not_told(case: UseCase, user: User, payload: Payload) -> str:
    if not user.is_active:
        return "closed account"
    if reading_level(user, case) != "full":
        return "cannot read it"
    what = payload["what"]
    if what != telling.MENTIONED and user.pk not in telling.listeners(case):
        return "no longer follows"
    if "comment" in payload:
        standing = Comment.objects.filter(pk=payload["comment"], removed_at__isnull=True)
        return "" if standing.exists() else "removed"
    return ""
