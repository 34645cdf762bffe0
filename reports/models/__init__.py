"""What is stored of reports; one module for each part."""

from reports.models.reports import (
    Report,
    ReportApproval,
    ReportDelivery,
    ReportPlan,
    ReportRecipient,
    ReportRevision,
)

__all__ = [
    "Report",
    "ReportApproval",
    "ReportDelivery",
    "ReportPlan",
    "ReportRecipient",
    "ReportRevision",
]
