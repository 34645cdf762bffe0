from reports.models.archive import ArchivePackage, RetentionLog
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
    "ArchivePackage",
    "ErasureRequest",
    "Report",
    "ReportApproval",
    "ReportDelivery",
    "ReportPlan",
    "ReportRecipient",
    "ReportRevision",
    "RetentionLog",
]
