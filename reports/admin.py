"""Rows and where they stand; the texts are read on their own pages."""

"""Rows of this app in the administration."""

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
    list_display = ["committee", "recipient_name", "months", "starts_on"]


from reports.models import ErasureRequest


# Personal data.
@admin.register(ErasureRequest)
class ErasureRequestAdmin(ReadOnlyAdmin):
    list_display = ["pk", "person", "asked_by", "asked_at", "settled_by", "confirmed_at"]
