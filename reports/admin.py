"""Rows and where they stand; the texts are read on their own pages."""

from django.contrib import admin

from core.admin import ReadOnlyAdmin
from reports.models import Report, ReportPlan


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin):
    list_display = ["committee", "kind", "number", "state", "period_to", "due_on"]
    list_filter = ["kind", "state"]
    fields = [
        "committee",
        "kind",
        "number",
        "state",
        "period_from",
        "period_to",
        "due_on",
        "sha256",
    ]


@admin.register(ReportPlan)
class ReportPlanAdmin(ReadOnlyAdmin):
    list_display = ["committee", "months", "starts_on"]
    fields = ["committee", "starts_on", "months", "meets_after_days", "deadline_days", "draft_days"]
