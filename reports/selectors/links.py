"""A recipient's own address of a report."""

from django.urls import reverse

from reports.enums import ReportState
from reports.models import ReportRecipient


def link_url(recipient: ReportRecipient) -> str:
    return reverse("reports:link_page", args=[recipient.token])


def recipient_by_token(token: str) -> ReportRecipient | None:
    """Whose link it is; nobody's when they were taken off, or the report is not sent."""
    rows = ReportRecipient.objects.select_related("report__committee__municipality")
    return rows.filter(token=token, removed_at__isnull=True, report__state=ReportState.SENT).first()
