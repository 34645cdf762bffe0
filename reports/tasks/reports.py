"""Mails with reports, and drafts that are ready in time."""

import logging
from smtplib import SMTPDataError, SMTPRecipientsRefused

from celery import shared_task
from django.utils import translation
from django.utils.translation import gettext as _

from core import mailing, outbox
from core.mailing import Notice, absolute, answer_address
from core.outbox import Payload
from core.templatetags.ur import full_date
from reports.enums import DeliveryState, ReportState
from reports.models import ReportDelivery
from reports.naming import report_title
from reports.selectors.links import link_url
from reports.services.planning import due_plans, prepare_draft
from reports.services.sending import SEND, settle_delivery

logger = logging.getLogger(__name__)
# From here on the server will not take it however often it is tried.
FOR_GOOD = 500


@outbox.handler(SEND)
def send_report_mail(payload: Payload, report: outbox.Report) -> None:
    """Send one mail. What the server refuses for good is a receipt, not an error to try again."""
    rows = ReportDelivery.objects.select_related("recipient__report__committee__municipality")
    delivery = rows.filter(pk=payload["delivery"]).first()
    if delivery is None or delivery.state != DeliveryState.QUEUED:
        return
    recipient = delivery.recipient
    if overtaken := _not_sent(delivery):
        settle_delivery(delivery=delivery, state=DeliveryState.REFUSED, words=overtaken)
        return
    with translation.override(mailing.LANGUAGE):
        message = mailing.build_notice(report_notice(delivery), recipient)
    report("mail", 50)
    try:
        mailing.send(message)
    except SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        if code < FOR_GOOD:
            raise
        _refused(delivery, code, words)
    except SMTPDataError as error:
        if error.smtp_code < FOR_GOOD:
            raise
        _refused(delivery, error.smtp_code, error.smtp_error)
    else:
        settle_delivery(delivery=delivery, state=DeliveryState.SENT)


def _refused(delivery: ReportDelivery, code: int, words: bytes | str) -> None:
    told = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    told = f"{code} {mailing.one_line(told)}"
    settle_delivery(delivery=delivery, state=DeliveryState.REFUSED, words=told)


def _not_sent(delivery: ReportDelivery) -> str:
    """Why it does not go after all; empty when it does."""
    recipient = delivery.recipient
    with translation.override(mailing.LANGUAGE):
        if recipient.removed_at or recipient.report.state != ReportState.SENT:
            return _("Not sent: the recipient was taken off the list.")
        # The corrected address has a mail of its own.
        corrected = delivery.email != recipient.email
        return _("Not sent: the address was corrected before.") if corrected else ""


def report_notice(delivery: ReportDelivery) -> Notice:
    """What it is, when it is treated, and the recipient's own link. No word of what it says."""
    report = delivery.recipient.report
    lines = [
        _("%(committee)s has sent its report: %(title)s.")
        % {"committee": report.committee.full_name, "title": report_title(report)}
    ]
    if report.meets_on:
        lines.append(
            _("It is treated at the meeting on %(day)s.") % {"day": full_date(report.meets_on)}
        )
    lines.append(_("The link is yours alone. Do not pass it on; others can be put on the list."))
    return Notice(
        subject=report_title(report),
        lines=lines,
        link=absolute(link_url(delivery.recipient)),
        link_text=_("Read the report"),
        mark=f"report.{report.pk}.{delivery.number}",
        answer_to=answer_address(report.committee.municipality.contact_email),
    )


@shared_task
def prepare_drafts() -> int:
    """Begin the reports whose deadline is near; returns how many. Safe to run as often as one
    likes: each period has one report."""
    return len([plan for plan in due_plans() if prepare_draft(plan)])
