"""A report from its beginning to the day it is frozen."""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from committee.enums import Role
from committee.models import Committee, Membership
from core import audit
from core.canonical import canonical_json, sha256_hex
from core.verdicts import Refused, StaleState
from reports.content import gather_content
from reports.content.texts import with_texts
from reports.enums import UNFINISHED, ApprovalSide, ReportKind, ReportState
from reports.models import Report, ReportApproval, ReportRecipient, ReportRevision
from reports.policies import reports as policies
from reports.selectors.reading import newly_closed, not_public
from reports.workflow import REPORT


def locked(report: Report) -> Report:
    """The row with its lock, as it is now."""
    rows = Report.objects.select_for_update(of=("self",))
    return rows.select_related("committee__municipality", "previous").get(pk=report.pk)


def record(verb: str, report: Report, by: Any, **facts: Any) -> None:
    audit.record(f"reports.{verb}", report, by=by, scope=report.committee, data=facts)


@transaction.atomic
def open_report(
    *,
    committee: Committee,
    recipient_name: str,
    period_from: date,
    period_to: date,
    by: Any,
    kind: str = ReportKind.STATUS,
    due_on: date | None = None,
    meets_on: date | None = None,
) -> Report:
    """Begin a report with its figures gathered and the recipients of the one before.

    Nobody (`by=None`) is the clock. Raises `Refused` for a period that ends before it begins.
    """
    if by is not None:
        policies.can_run(by, committee.pk).require()
    recipient_name = " ".join(recipient_name.split())[:150]
    if not recipient_name:
        raise Refused(_("Write whom the report is for."), "recipient_name")
    if period_to < period_from:
        raise Refused(_("The period must end after it begins."), "period_to")
    # Two who begin at once: the body is the lock.
    Committee.objects.select_for_update().get(pk=committee.pk)
    same = Report.objects.filter(committee=committee, kind=kind)
    report = Report.objects.create(
        committee=committee,
        kind=kind,
        number=(same.aggregate(n=Max("number"))["n"] or 0) + 1,
        recipient_name=recipient_name,
        period_from=period_from,
        period_to=period_to,
        due_on=due_on,
        meets_on=meets_on,
        previous=same.finished().filter(period_to__lt=period_to).order_by("-period_to").first(),
        requests=_first_request(kind),
        created_by=by if getattr(by, "pk", None) else None,
    )
    _note(report, by)
    _write_content(report, gather_content(report))
    _usual_recipients(report)
    record("open_report", report, by, kind=kind, number=report.number)
    return report


def _first_request(kind: str) -> str:
    if kind != ReportKind.STATUS:
        return ""
    from django.utils import translation

    from core.mailing import LANGUAGE

    with translation.override(LANGUAGE):
        return _("1) To take note of the status report.")


def _usual_recipients(report: Report) -> None:
    """Those of the report before; for the first, the council's readers."""
    before = report.previous
    if before is not None:
        rows = before.recipients.filter(removed_at__isnull=True)
        people = list(rows.values_list("name", "email"))
    else:
        seats = Membership.objects.active().filter(
            committee=report.committee_id, role=Role.COUNCIL_READER, user__is_active=True
        )
        people = list(seats.values_list("user__name", "user__email").distinct())
    for name, email in people:
        ReportRecipient.objects.create(report=report, name=name, email=email)


def note_texts(report: Report, by: Any) -> None:
    """Keep what stands in the report now as its newest revision."""
    report.version += 1
    _note(report, by)


def _note(report: Report, by: Any) -> None:
    from reports.content.texts import texts_of

    person = by if getattr(by, "pk", None) else None
    ReportRevision.objects.create(
        report=report, number=report.version, texts=texts_of(report), by=person
    )


def _write_content(report: Report, content: dict[str, Any]) -> None:
    report.content = content
    report.sha256 = content_hash(content)
    report.gathered_at = timezone.now()
    report.save(update_fields=["content", "sha256", "gathered_at"])


def write_texts(report: Report) -> None:
    """Put the texts into the content; the figures stay what they were."""
    report.content = with_texts(report.content, report)
    report.sha256 = content_hash(report.content)
    report.save()


def content_hash(content: dict[str, Any]) -> str:
    return sha256_hex(canonical_json(content))


@transaction.atomic
def gather(*, report: Report, by: Any) -> Report:
    """Count everything anew. Approvals of what stood there before no longer hold."""
    report = locked(report)
    if by is not None:
        policies.can_gather(by, report).require()
    elif report.state not in UNFINISHED:
        raise StaleState(policies.FROZEN)
    before = report.sha256
    _write_content(report, gather_content(report))
    record("gather_report", report, by, before=before, sha256=report.sha256)
    return report


@transaction.atomic
def set_dates(
    *, report: Report, due_on: date | None, meets_on: date | None, recipient_name: str, by: Any
) -> Report:
    """When it is to be sent and treated, and by whom."""
    report = locked(report)
    policies.can_gather(by, report).require()
    report.due_on, report.meets_on = due_on, meets_on
    report.recipient_name = " ".join(recipient_name.split())[:150] or report.recipient_name
    report.save(update_fields=["due_on", "meets_on", "recipient_name"])
    _write_content(report, gather_content(report))
    record("set_report_dates", report, by, due_on=str(due_on), meets_on=str(meets_on))
    return report


@transaction.atomic
def send_to_approval(*, report: Report, by: Any) -> Report:
    report = locked(report)
    policies.can_step(by, report).require()
    REPORT.apply(report, "send_to_approval", approval_round=report.approval_round + 1)
    record("send_report_to_approval", report, by, sha256=report.sha256)
    return report


@transaction.atomic
def back_to_draft(*, report: Report, by: Any) -> Report:
    """Take it back to write on. What was approved is approved no longer."""
    report = locked(report)
    policies.can_step(by, report).require()
    REPORT.apply(report, "back_to_draft")
    record("report_back_to_draft", report, by)
    return report


@transaction.atomic
def approve(*, report: Report, sha256: str, by: Any) -> ReportApproval:
    """Approve exactly the content whose hash is `sha256`, for the side one is on.

    Raises `StaleState` when something else stands there now, and when the side, or the same
    person for the other side, has approved it already.
    """
    report = locked(report)
    policies.can_approve(by, report).require()
    if sha256 != report.sha256:
        raise StaleState(_("The report has changed since you read it. Read it again."))
    side = policies.side_of(by, report) or ApprovalSide.LEADER
    given = report.approvals.filter(sha256=sha256, approval_round=report.approval_round)
    if any(one.person_id == by.pk for one in given):
        raise StaleState(
            _("You have approved the report already. Another person must be the other.")
        )
    if any(one.side == side for one in given):
        raise StaleState(_("Your side has approved the report already."))
    row = ReportApproval.objects.create(
        report=report,
        side=side,
        person=by,
        sha256=sha256,
        approval_round=report.approval_round,
    )
    record("approve_report", report, by, side=str(side), sha256=sha256)
    return row


@transaction.atomic
def freeze(*, report: Report, by: Any) -> Report:
    """Make it unchangeable, and ask for its PDF.

    Raises `NotAllowed` until both sides have approved what stands there, and `Refused` when an
    item that it tells of has been closed since the figures were gathered.
    """
    from reports.services.documents import request_report

    report = locked(report)
    policies.can_step(by, report).require()
    if newly_closed(report.content):
        raise Refused(_("An item has been closed since the figures were gathered. Gather again."))
    REPORT.apply(report, "freeze", frozen_at=timezone.now())
    record("freeze_report", report, by, sha256=report.sha256)
    request_report(report, by=by)
    return report


@transaction.atomic
def publish_report(*, report: Report, by: Any) -> Report:
    """Let everybody read a report that was sent.

    Raises `Refused` when it tells of something that is not public.
    """
    report = locked(report)
    policies.can_publish(by, report).require()
    if hidden := not_public(report.content):
        raise Refused(
            _("The report tells of something that is not public yet: %(what)s.")
            % {"what": ", ".join(hidden[:3])}
        )
    Report.objects.filter(pk=report.pk, state=ReportState.SENT).update(is_public=True)
    report.is_public = True
    record("publish_report", report, by)
    return report


@transaction.atomic
def withdraw_report(*, report: Report, by: Any) -> Report:
    """No longer public. The report itself, its recipients and receipts stay as they are."""
    report = locked(report)
    policies.can_publish(by, report).require()
    Report.objects.filter(pk=report.pk).update(is_public=False)
    report.is_public = False
    record("withdraw_report", report, by)
    return report
