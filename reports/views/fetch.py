"""Fetch and authorise in the first line of a view: not visible is 404, whoever asks."""

from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from committee.context import current_committee
from committee.enums import Role
from committee.models import Committee, committees_where
from core.verdicts import NotAllowed
from reports.models import Report, ReportRecipient
from reports.naming import report_title
from reports.policies import reports as policies

READ_OR_WRITE = ["GET", "HEAD", "POST"]


def get_report(request: HttpRequest, report_id: int) -> Report:
    """The report, if this reader may read it."""
    rows = Report.objects.visible_to(request.user)
    rows = rows.select_related("committee__municipality", "previous")
    report = get_object_or_404(rows, pk=report_id)
    # The frame shows the committee that the page is about.
    request.committee_id = report.committee_id  # type: ignore[attr-defined]
    return report


def get_working_report(request: HttpRequest, report_id: int) -> Report:
    """The report, for pages that only those who make it have."""
    report = get_report(request, report_id)
    if not policies.sees_drafts(request.user, report.committee_id):
        raise Http404
    return report


def get_recipient(request: HttpRequest, report_id: int, recipient_id: int) -> ReportRecipient:
    report = get_working_report(request, report_id)
    rows = report.recipients.filter(removed_at__isnull=True)
    recipient = get_object_or_404(rows, pk=recipient_id)
    recipient.report = report
    return recipient


def own_body(request: HttpRequest) -> Committee:
    """The body that the page is about among those whose secretariat the reader is.

    Raises `NotAllowed` for those who are none's.
    """
    own = Committee.objects.filter(pk__in=committees_where(request.user, {Role.SECRETARIAT}))
    found = current_committee(request, list(own.select_related("municipality").order_by("name")))
    if found is None:
        raise NotAllowed(policies.ONLY_SECRETARIAT)
    return found


def trail(*steps: tuple[Any, str]) -> list[dict[str, Any]]:
    rows = [(_("Reports"), reverse("reports:report_list")), *steps]
    return [{"label": label, "url": url} for label, url in rows]


def report_trail(report: Report, *steps: tuple[Any, str]) -> list[dict[str, Any]]:
    return trail((report_title(report), report.get_absolute_url()), *steps)
