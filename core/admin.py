"""Admin for the mechanisms: the protocol and the outbox can be read, never changed."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from core.models import AuditEntry, OutboxEntry


class ReadOnlyAdmin(admin.ModelAdmin):
    """For everything that has a workflow or a history: look, do not touch."""

    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ["seq", "at", "actor_name", "verb", "object_type", "object_id"]
    list_filter = ["verb"]
    search_fields = ["actor_name", "object_id"]
    ordering = ["-seq"]


@admin.register(OutboxEntry)
class OutboxEntryAdmin(ReadOnlyAdmin):
    list_display = ["key", "kind", "state", "cause", "attempts", "available_at", "done_at"]
    list_filter = ["state", "kind"]
    fields = [
        "key",
        "kind",
        "state",
        "attempts",
        "deaths",
        "available_at",
        "done_at",
        "cause",
        "last_error",
    ]
    ordering = ["-pk"]
