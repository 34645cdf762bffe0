from django.contrib import admin

from core.admin import ReadOnlyAdmin
from ethics.models import CaseAnswers, ReviewRound


@admin.register(CaseAnswers)
class CaseAnswersAdmin(ReadOnlyAdmin):
    """Which cases have been answered in which version; the answers are read on the case."""

    list_display = ["case", "questionnaire_ref", "version", "updated_at"]
    list_filter = ["questionnaire_ref"]
    fields = ["case", "questionnaire_ref", "version", "created_at", "updated_at"]


@admin.register(ReviewRound)
class ReviewRoundAdmin(ReadOnlyAdmin):
    """Where each review is. Texts are read in the round; sheets are nobody's but the reviewers'."""

    list_display = ["case", "number", "kind", "state", "opened_at"]
    list_filter = ["kind", "state"]
    fields = ["case", "number", "kind", "state", "turn", "revision", "opened_at", "deadline"]
