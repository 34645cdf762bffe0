from reports.models.personal_data import ErasureRequest
from reports.models.reports import (
    Report,
    ReportApproval,
    ReportDelivery,
    ReportPlan,
    ReportRecipient,
    ReportRevision,
)

__all__ = [
    "ErasureRequest",
    "Report",
    "ReportApproval",
    "ReportDelivery",
    "ReportPlan",
    "ReportRecipient",
    "ReportRevision",
]
