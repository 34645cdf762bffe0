"""What happens by itself: mail goes out."""

import logging

from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from committee.models import User
from core import audit, mailing, outbox
from core.mailing import Notice, absolute, answer_address
from core.outbox import Payload, Report
from core.templatetags.ur import full_date
from ethics.models import Hearing
from ethics.policies import hearings as policies
from ethics.services import hearings
from usecases.policies import reading_level

logger = logging.getLogger(__name__)


@outbox.handler(hearings.SEND)
def send_hearing(payload: Payload, report: Report) -> None:
    """Ask one person to answer, or tell them what came of it, if they may still read it."""
    rows = Hearing.objects.select_related("case__committee__municipality")
    row = rows.get(pk=payload["hearing"])
    user = User.objects.get(pk=payload["user"])
    if why := _why_not(row, user, payload["what"]):
        report(why, 100)
        logger.info("No mail to person %s about hearing %s: %s", user.pk, row.pk, why)
        with transaction.atomic():
            facts = {"user": user.pk, "why": why, "hearing": row.pk}
            scope = row.case.committee
            audit.record("ethics.mail_not_sent", row.case, by=None, scope=scope, data=facts)
        return
    with translation.override(mailing.LANGUAGE):
        mailing.send(mailing.build_notice(hearing_notice(row, payload["what"]), user))


def _why_not(row: Hearing, user: User, what: str) -> str:
    if not user.is_active:
        return "closed account"
    if reading_level(user, row.case) != "full":
        return "cannot read it"
    if what == hearings.OPENED and not (row.is_open and policies.can_reply(user, row)):
        return "not needed"
    return ""


def hearing_notice(row: Hearing, what: str) -> Notice:
    """The words of the mail: number, what happened and where; nothing of what is written there."""
    facts = {"number": row.case.number, "day": full_date(row.deadline)}
    if what == hearings.OPENED:
        subject = _("You are heard about the proposal %(number)s") % facts
        line = _("The secretariat asks for your answers about %(number)s before %(day)s.") % facts
        link, words = reverse("ethics:hearing_reply", args=[row.case_id]), _("Answer the questions")
    else:
        subject = _("The hearing about the proposal %(number)s is closed") % facts
        line = _("You can read what it showed and how it was taken into account.")
        link, words = row.get_absolute_url(), _("Read about the hearing")
    return Notice(
        subject=subject,
        lines=[line],
        link=absolute(link),
        link_text=words,
        mark=f"hearing.{row.pk}.{what}",
        answer_to=answer_address(row.case.committee.municipality.contact_email),
    )
