"""Rows and where they stand; the texts are read on their own pages."""

from django.contrib import admin

from core.admin import ReadOnlyAdmin
from ethics.models import GuidelineVersion


@admin.register(GuidelineVersion)
class GuidelineVersionAdmin(ReadOnlyAdmin):
    list_display = ["guideline", "number", "state", "created_at"]
    list_filter = ["state"]
    fields = ["guideline", "number", "state", "created_at"]
