from django.contrib import admin

from core.admin import ReadOnlyAdmin
from ethics.models import AiActAssessment, AiActReplay


# aiact
@admin.register(AiActAssessment)
class AiActAssessmentAdmin(ReadOnlyAdmin):
    """Rows and where they stand. Answers and reasons are read on the case's own page."""

    list_display = ["case", "number", "state", "tier", "ruleset"]
    list_filter = ["state", "tier"]
    fields = ["case", "number", "state", "tier", "disposition", "ruleset", "concluded_at"]


@admin.register(AiActReplay)
class AiActReplayAdmin(ReadOnlyAdmin):
    list_display = ["committee", "ruleset", "state", "at"]
    fields = ["committee", "ruleset", "state", "looked_at", "reopened", "at", "done_at"]
