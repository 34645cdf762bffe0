"""Rows and where they stand; the texts are read on their own pages."""

from django.contrib import admin
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.admin import ReadOnlyAdmin
from reports.models import ArchivePackage, ErasureRequest, Report, ReportPlan, RetentionLog


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


# Personal data.
@admin.register(ErasureRequest)
class ErasureRequestAdmin(ReadOnlyAdmin):
    list_display = ["pk", "person", "asked_by", "asked_at", "settled_by", "confirmed_at"]


@admin.register(ArchivePackage)
class ArchivePackageAdmin(ReadOnlyAdmin):
    list_display = ["committee", "edition", "period_from", "period_to", "asked_at", "how_it_is"]
    list_filter = ["edition"]
    fields = ["committee", "edition", "period_from", "period_to", "checked_at", "how_it_is"]
    readonly_fields = ["how_it_is"]

    @admin.display(description=_("Status"))
    def how_it_is(self, package: ArchivePackage) -> Promise:
        if package.is_valid is None:
            return _("Not checked yet")
        return _("Whole") if package.is_valid else _("Damaged")


@admin.register(RetentionLog)
class RetentionLogAdmin(ReadOnlyAdmin):
    list_display = ["at", "rule", "model", "count", "package"]
    list_filter = ["model"]
    fields = ["at", "rule", "model", "count", "package"]
