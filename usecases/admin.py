from django.contrib import admin

from core.admin import ReadOnlyAdmin
from usecases.models import UseCase


@admin.register(UseCase)
class UseCaseAdmin(ReadOnlyAdmin):
    """Rows and where they stand. Texts and contact data are read on the case's own page."""

    list_display = ["reference", "committee", "status", "updated_at"]
    list_filter = ["status"]
    search_fields = ["reference"]
    fields = ["reference", "committee", "status", "version", "revision", "updated_at"]
