"""Rows and where they stand; the texts are read on their own pages."""

from django.contrib import admin

from core.admin import ReadOnlyAdmin
from ethics.models import (
    AiActAssessment,
    AiActReplay,
    CaseAnswers,
    Condition,
    GuidelineVersion,
    ReviewRound,
)


@admin.register(Condition)
class ConditionAdmin(ReadOnlyAdmin):
    """Rows and where they stand. Texts and evidence are read on the condition's own page."""

    list_display = ["case", "number", "gate", "state", "due_on"]
    list_filter = ["state", "gate"]
    fields = ["case", "number", "gate", "state", "due_on", "version", "created_at"]


@admin.register(GuidelineVersion)
class GuidelineVersionAdmin(ReadOnlyAdmin):
    list_display = ["guideline", "number", "state", "created_at"]
    list_filter = ["state"]
    fields = ["guideline", "number", "state", "created_at"]


@admin.register(CaseAnswers)
class CaseAnswersAdmin(ReadOnlyAdmin):
    """Which cases have been answered in which version; the answers are read on the case."""

    list_display = ["case", "questionnaire_ref", "version", "updated_at"]
    list_filter = ["questionnaire_ref"]
    fields = ["case", "questionnaire_ref", "version", "created_at", "updated_at"]


@admin.register(AiActAssessment)
class AiActAssessmentAdmin(ReadOnlyAdmin):
    """Rows and where they stand. Answers and reasons are read on the case's own page."""

    list_display = ["case", "number", "state", "tier", "ruleset"]
    list_filter = ["state"]
    fields = ["case", "number", "state", "tier", "disposition", "ruleset", "concluded_at"]


@admin.register(AiActReplay)
class AiActReplayAdmin(ReadOnlyAdmin):
    list_display = ["committee", "ruleset", "state", "at"]
    fields = ["committee", "ruleset", "state", "looked_at", "reopened", "at", "done_at"]


@admin.register(ReviewRound)
class ReviewRoundAdmin(ReadOnlyAdmin):
    """Where each review is. Texts are read in the round; sheets are nobody's but the reviewers'."""

    list_display = ["case", "number", "kind", "state", "opened_at"]
    list_filter = ["kind", "state"]
    fields = ["case", "number", "kind", "state", "turn", "revision", "opened_at", "deadline"]
