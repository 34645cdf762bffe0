"""Rows and where they stand; what is in a package is read in the package."""

from django.contrib import admin

from core.admin import ReadOnlyAdmin
from reports.models import ArchivePackage, RetentionLog


@admin.register(ArchivePackage)
class ArchivePackageAdmin(ReadOnlyAdmin):
    list_display = ["committee", "edition", "period_from", "period_to", "asked_at", "is_valid"]
    list_filter = ["edition", "is_valid"]
    fields = ["committee", "edition", "period_from", "period_to", "checked_at", "is_valid"]


@admin.register(RetentionLog)
class RetentionLogAdmin(ReadOnlyAdmin):
    list_display = ["at", "rule", "model", "count", "package"]
    list_filter = ["model"]
    fields = ["at", "rule", "model", "count", "package"]
