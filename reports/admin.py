"""Rows of this app in the administration."""

from django.contrib import admin

from core.admin import ReadOnlyAdmin
from reports.models import ErasureRequest


# Personal data.
@admin.register(ErasureRequest)
class ErasureRequestAdmin(ReadOnlyAdmin):
    list_display = ["pk", "person", "asked_by", "asked_at", "settled_by", "confirmed_at"]
