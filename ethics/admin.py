from django.contrib import admin

from core.admin import ReadOnlyAdmin
from ethics.models import CaseAnswers


@admin.register(CaseAnswers)
class CaseAnswersAdmin(ReadOnlyAdmin):
    """Which cases have been answered in which version; the answers are read on the case."""

    list_display = ["case", "questionnaire_ref", "version", "updated_at"]
    list_filter = ["questionnaire_ref"]
    fields = ["case", "questionnaire_ref", "version", "created_at", "updated_at"]
