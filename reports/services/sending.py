"""Recipients, mails and receipts.

A mail carries no attachment: it has the recipient's own link, so that what has been closed since
is not lying in mailboxes, a wrong address can be shut out again, and one sees who opened it.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from core import outbox
from core.verdicts import Refused, StaleState
from reports.enums import DeliveryState, ReportState
from reports.models import Report, ReportDelivery, ReportRecipient
from reports.models.reports import new_link_token
from reports.policies import reports as policies
from reports.services.reports import locked, record
from reports.workflow import REPORT

SEND = "reports.send_report"


def _address(report: Report, email: str, but: int = 0) -> str:
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise Refused(_("Write an e-mail address like name@example.dk."), "email") from error
    same = report.recipients.filter(email__iexact=email, removed_at__isnull=True)
    if same.exclude(pk=but).exists():
        raise Refused(_("The address is on the list already."), "email")
    return email


def _name(name: str) -> str:
    name = " ".join(name.split())[:150]
    if not name:
        raise Refused(_("Write the recipient's name."), "name")
    return name


@transaction.atomic
def add_recipient(*, report: Report, name: str, email: str, by: Any) -> ReportRecipient:
    """One more on the list; of a report that has been sent, they get it at once."""
    report = locked(report)
    policies.can_address(by, report).require()
    row = ReportRecipient.objects.create(
        report=report, name=_name(name), email=_address(report, email)
    )
    record("add_recipient", report, by, recipient=row.pk)
    if report.state == ReportState.SENT:
        _queue(row, by)
    return row


@transaction.atomic
def remove_recipient(*, recipient: ReportRecipient, by: Any) -> None:
    """Take somebody off the list: their own link no longer answers. The receipts stay."""
    report = locked(recipient.report)
    policies.can_address(by, report).require()
    gone = report.recipients.filter(pk=recipient.pk, removed_at__isnull=True)
    if not gone.update(removed_at=timezone.now()):
        raise StaleState(_("The recipient has been taken off already. Nothing was changed."))
    record("remove_recipient", report, by, recipient=recipient.pk)


@transaction.atomic
def correct_recipient(
    *, recipient: ReportRecipient, name: str, email: str, by: Any
) -> ReportRecipient:
    """Correct name or address. Of a sent report, it goes to the new address with a new link."""
    report = locked(recipient.report)
    policies.can_address(by, report).require()
    row = ReportRecipient.objects.select_for_update().get(pk=recipient.pk)
    if row.removed_at:
        raise StaleState(_("The recipient has been taken off already. Nothing was changed."))
    email = _address(report, email, but=row.pk)
    moved = email != row.email
    row.name, row.email = _name(name), email
    if moved:
        # Whoever got the mail by mistake must not read on.
        row.token, row.opened_at = new_link_token(), None
    row.save()
    record("correct_recipient", report, by, recipient=row.pk, moved=moved)
    if moved and report.state == ReportState.SENT:
        _queue(row, by)
    return row


@transaction.atomic
def send_report(*, report: Report, by: Any) -> Report:
    """Send it: one mail for each recipient. Sending twice is sending once."""
    report = locked(report)
    policies.can_step(by, report).require()
    REPORT.apply(report, "send", sent_at=timezone.now())
    rows = report.recipients.filter(removed_at__isnull=True)
    count = len([_queue(row, by) for row in rows])
    record("send_report", report, by, recipients=count, sha256=report.sha256)
    return report


@transaction.atomic
def resend(*, recipient: ReportRecipient, by: Any) -> ReportDelivery:
    """One more mail to the same address, unless one is on its way."""
    report = locked(recipient.report)
    policies.can_address(by, report).require()
    if report.state != ReportState.SENT or recipient.removed_at:
        raise StaleState(_("The report is not sent to this recipient. Nothing was changed."))
    if recipient.deliveries.filter(state=DeliveryState.QUEUED).exists():
        raise StaleState(_("A mail to the recipient is on its way already."))
    row = _queue(recipient, by)
    record("resend_report", report, by, recipient=recipient.pk, number=row.number)
    return row


def _queue(recipient: ReportRecipient, by: Any) -> ReportDelivery:
    row = ReportDelivery.objects.create(
        recipient=recipient,
        # Not their count: old ones are deleted by retention.
        number=(recipient.deliveries.aggregate(n=Max("number"))["n"] or 0) + 1,
        email=recipient.email,
        asked_by=by,
    )
    outbox.enqueue(
        kind=SEND,
        key=f"report:{recipient.pk}:{row.number}",
        payload={"delivery": row.pk},
        by=getattr(by, "pk", None),
    )
    return row


@transaction.atomic
def settle_delivery(*, delivery: ReportDelivery, state: str, words: str = "") -> bool:
    """What the mail server said. False when it was settled before."""
    queued = ReportDelivery.objects.filter(pk=delivery.pk, state=DeliveryState.QUEUED)
    if not queued.update(state=state, settled_at=timezone.now(), words=words[:500]):
        return False
    report = delivery.recipient.report
    facts = {"recipient": delivery.recipient_id, "number": delivery.number, "state": str(state)}
    record(
        "report_delivered" if state == DeliveryState.SENT else "report_refused",
        report,
        None,
        **facts,
    )
    return True


@transaction.atomic
def record_bounce(*, delivery: ReportDelivery, words: str, by: Any) -> None:
    """A mail that the server took came back to the secretariat: write down what it said."""
    report = locked(delivery.recipient.report)
    policies.can_address(by, report).require()
    words = " ".join(words.split())[:500]
    if not words:
        raise Refused(_("Write what the mail that came back said."), "words")
    sent = ReportDelivery.objects.filter(pk=delivery.pk, state=DeliveryState.SENT)
    if not sent.update(state=DeliveryState.BOUNCED, words=words, settled_at=timezone.now()):
        raise StaleState(_("The mail is not one that was sent. Nothing was changed."))
    facts = {"recipient": delivery.recipient_id, "number": delivery.number}
    record("report_bounced", report, by, **facts)


@transaction.atomic
def open_by_link(*, recipient: ReportRecipient) -> None:
    """The recipient has opened the report through their own link; the first time counts."""
    fresh = ReportRecipient.objects.filter(
        pk=recipient.pk, opened_at__isnull=True, removed_at__isnull=True
    )
    if fresh.update(opened_at=timezone.now()):
        record("open_report_link", recipient.report, None, recipient=recipient.pk)
