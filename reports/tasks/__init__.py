"""What the worker and the clock do."""

from reports.tasks.reports import prepare_drafts, send_report_mail

__all__ = ["prepare_drafts", "send_report_mail"]
