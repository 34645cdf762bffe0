"""The clock of conditions, and their mails."""

import logging

from celery import shared_task
from django.db import transaction
from django.utils import translation

from committee.models import User
from core import audit, mailing, outbox
from core.outbox import Payload, Report
from ethics.enums.conditions import WITH_OWNER, ConditionState
from ethics.models import Condition
from ethics.notices_conditions import condition_notice, expiry_notice
from ethics.services import conditions as services
from ethics.services import conditions_clock as clock
from usecases.enums import FINAL
from usecases.models import UseCase
from usecases.policies import reading_level

logger = logging.getLogger(__name__)
CANNOT_READ = "cannot read it"


@shared_task
def mind_conditions() -> int:
    """Remind owners, and tell those who listen of what is far too late."""
    clock.remind_owners()
    clock.remind_expiries()
    return sum(clock.note_far_overdue(row) for row in list(clock.far_overdue()))


@outbox.handler(services.SEND)
def send_condition(payload: Payload, report: Report) -> None:
    """Tell an owner of their condition, unless it has been met, moved or given to another."""
    rows = Condition.objects.select_related("case__committee__municipality")
    row = rows.get(pk=payload["condition"])
    user = User.objects.get(pk=payload["user"])
    if why := _why_not(row, user, payload):
        report(why, 100)
        if why == CANNOT_READ:
            _note_unsent(row, user)
        return
    with translation.override(mailing.LANGUAGE):
        notice = condition_notice(row, payload["occasion"])
        mailing.send(mailing.build_notice(notice, user))


def _why_not(row: Condition, user: User, payload: Payload) -> str:
    if row.owner_id != user.pk or not user.is_active:
        return "not the owner"
    if payload.get("due_on", row.due_on.isoformat()) != row.due_on.isoformat():
        return "another date"
    wanted = {ConditionState.REJECTED} if payload["occasion"] == "rejected" else WITH_OWNER
    if row.state not in wanted or row.case.status in FINAL:
        return "nothing to do"
    seen = Condition.objects.visible_to(user).filter(pk=row.pk).exists()
    return "" if seen else CANNOT_READ


def _note_unsent(row: Condition, user: User) -> None:
    """An owner who does not hear of it is something the secretariat must be able to find."""
    logger.info("No mail to person %s about condition %s: cannot read it", user.pk, row.pk)
    with transaction.atomic():
        facts = {"user": user.pk, "why": CANNOT_READ}
        scope = row.case.committee
        audit.record("ethics.condition_mail_not_sent", row, by=None, scope=scope, data=facts)


@outbox.handler(clock.SEND_EXPIRY)
def send_expiry(payload: Payload, report: Report) -> None:
    """Remind the owner that the approval lapses, unless the use has begun meanwhile."""
    case = UseCase.objects.select_related("committee__municipality").get(pk=payload["case"])
    user = User.objects.get(pk=payload["user"])
    expires = case.decision_expires.isoformat() if case.decision_expires else ""
    still = case.status in clock.APPROVED and expires == payload["expires"]
    reads = user.is_active and reading_level(user, case) == "full"
    if not still or not reads or case.owner_id != user.pk:
        report("nothing to do", 100)
        return
    with translation.override(mailing.LANGUAGE):
        notice = expiry_notice(case, payload["occasion"])
        mailing.send(mailing.build_notice(notice, user))
