"""What the worker and the clock do; one module for each part."""

from reports.tasks import archive
from reports.tasks.reports import prepare_drafts, send_report_mail

__all__ = ["archive", "prepare_drafts", "send_report_mail"]
