"""Reports on “My work”: drafts to finish, reports to approve, send, and mails that failed."""

from collections.abc import Iterator
from datetime import datetime, time
from typing import Any

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from committee.enums import SEE_DRAFTS, Role
from committee.models import committees_where
from portal.selectors.waiting import Text, Waiting
from reports.enums import DeliveryState, ReportState
from reports.models import Report, ReportDelivery, ReportRecipient
from reports.naming import report_title
from reports.policies.reports import side_of

MOST = 5


def waiting_reports(user: Any) -> Iterator[Waiting]:
    """Three queries at most, however many reports there are."""
    bodies = committees_where(user, SEE_DRAFTS)
    if not bodies:
        return
    rows = Report.objects.filter(committee__in=bodies).exclude(state=ReportState.SENT)
    rows = rows.select_related("committee").prefetch_related("approvals").defer("content")
    for report in rows.order_by("due_on", "pk")[:MOST]:
        yield from _entry(user, report)
    yield from _failed(committees_where(user, {Role.SECRETARIAT}))


def _entry(user: Any, report: Report) -> Iterator[Waiting]:
    runs = report.committee_id in committees_where(user, {Role.SECRETARIAT})
    if report.state == ReportState.APPROVAL:
        if _is_asked(user, report):
            yield _row(report, "check", _("Approve a report"), _("Read and approve"))
        elif runs and len(_given(report)) > 1:
            yield _row(report, "lock-shut", _("Freeze the report"), _("Go to the report"))
    elif runs and report.state == ReportState.DRAFT:
        yield _row(report, "edit", _("Finish the report"), _("Go to the report"))
    elif runs and report.state == ReportState.FROZEN:
        yield _row(report, "send", _("Send the report"), _("Go to the report"))


def _given(report: Report) -> list[Any]:
    return [
        one
        for one in report.approvals.all()
        if one.sha256 == report.sha256 and one.approval_round == report.approval_round
    ]


def _is_asked(user: Any, report: Report) -> bool:
    given, side = _given(report), side_of(user, report)
    return side is not None and not any(
        one.side == side or one.person_id == user.pk for one in given
    )


def _row(report: Report, icon: str, title: str, button: Text) -> Waiting:
    """Due until the day is over."""
    due = report.due_on or report.period_to
    meta, url = report_title(report), report.get_absolute_url()
    at = timezone.make_aware(datetime.combine(due, time.max))
    return Waiting(icon, title, url, meta, at, button, has_clock=False)


def _failed(bodies: list[int]) -> Iterator[Waiting]:
    """One row for each report with a recipient whose newest mail did not arrive."""
    newest = ReportDelivery.objects.filter(recipient=OuterRef("pk")).order_by("-number")
    lost = ReportRecipient.objects.filter(
        report__committee__in=bodies, removed_at__isnull=True
    ).annotate(last=Subquery(newest.values("state")[:1]))
    lost = lost.filter(last__in=[DeliveryState.REFUSED, DeliveryState.BOUNCED])
    rows = Report.objects.filter(pk__in=lost.values("report")).defer("content")
    for report in rows.order_by("-pk")[:MOST]:
        url = reverse("reports:report_recipients", args=[report.pk])
        title = _("Not every recipient was reached")
        yield Waiting("st-miss", title, url, report_title(report), None, _("See the receipts"))
