"""Rows and where they stand, for whoever keeps the installation running. Nothing is changed here.

Texts, votes, contact data, and what people follow, read and save for themselves stay out: the
administrator has no seat in the committee.
"""

from django.contrib import admin

from core.admin import ReadOnlyAdmin
from usecases.models import (
    CaseHandOver,
    CaseImport,
    CaseMerge,
    CaseScore,
    CaseSplit,
    Comment,
    RankingEntry,
    RankingRound,
    Revision,
    StatusChange,
    UseCase,
)


@admin.register(UseCase)
class UseCaseAdmin(ReadOnlyAdmin):
    """Rows and where they stand. Texts and contact data are read on the case's own page."""

    list_display = ["reference", "committee", "status", "updated_at"]
    list_filter = ["status"]
    search_fields = ["reference"]
    fields = ["reference", "committee", "status", "version", "revision", "updated_at"]


@admin.register(CaseHandOver)
class CaseHandOverAdmin(ReadOnlyAdmin):
    """That a case went from one body to the next."""

    list_display = ["case", "origin", "receiver", "at", "by"]
    list_select_related = ["case", "origin", "receiver", "by"]
    fields = ["case", "origin", "receiver", "at", "by"]
    ordering = ["-pk"]


@admin.register(Revision)
class RevisionAdmin(ReadOnlyAdmin):
    """That a text was frozen, and its hash; not the text."""

    list_display = ["case", "number", "at", "by"]
    list_select_related = ["case", "by"]
    search_fields = ["case__reference"]
    fields = ["case", "number", "sha256", "at", "by"]
    ordering = ["-pk"]


@admin.register(StatusChange)
class StatusChangeAdmin(ReadOnlyAdmin):
    """The moves; their reasons stand on the case's own page."""

    list_display = ["case", "move", "old", "new", "at", "by"]
    list_filter = ["move"]
    list_select_related = ["case", "by"]
    search_fields = ["case__reference"]
    fields = ["case", "move", "old", "new", "at", "by"]
    ordering = ["-pk"]


@admin.register(Comment)
class CommentAdmin(ReadOnlyAdmin):
    """Where comments stand, not what they say."""

    list_display = ["case", "number", "author", "at", "version", "removed_at"]
    list_select_related = ["case", "author"]
    search_fields = ["case__reference"]
    fields = ["case", "number", "section", "author", "at", "version", "removed_at", "removed_by"]
    ordering = ["-pk"]


@admin.register(CaseMerge)
class CaseMergeAdmin(ReadOnlyAdmin):
    list_display = ["case", "into", "at", "by"]
    list_select_related = ["case", "into", "by"]
    fields = ["case", "into", "at", "by"]
    ordering = ["-pk"]


@admin.register(CaseSplit)
class CaseSplitAdmin(ReadOnlyAdmin):
    list_display = ["case", "origin", "at", "by"]
    list_select_related = ["case", "origin", "by"]
    fields = ["case", "origin", "revision", "at", "by"]
    ordering = ["-pk"]


@admin.register(CaseScore)
class CaseScoreAdmin(ReadOnlyAdmin):
    """That a case was scored and by which scales; the scores are the committee's."""

    list_display = ["case", "scales_ref", "at", "by"]
    list_select_related = ["case", "by"]
    fields = ["case", "scales_ref", "at", "by"]
    ordering = ["-pk"]


@admin.register(RankingRound)
class RankingRoundAdmin(ReadOnlyAdmin):
    list_display = ["pk", "committee", "opened_at", "closes_at", "closed_at"]
    list_select_related = ["committee"]
    fields = [
        *("committee", "votes_each", "most_per_case", "opened_at", "opened_by", "closes_at"),
        *("closed_at", "closed_by"),
    ]
    ordering = ["-pk"]


@admin.register(RankingEntry)
class RankingEntryAdmin(ReadOnlyAdmin):
    """Which cases a round is about; no votes and no totals."""

    list_display = ["round", "case"]
    list_select_related = ["round", "case"]
    fields = ["round", "case"]
    ordering = ["-pk"]


@admin.register(CaseImport)
class CaseImportAdmin(ReadOnlyAdmin):
    """How far an import has come."""

    list_display = ["pk", "committee", "state", "rows_read", "rows_done", "at", "done_at"]
    list_filter = ["state"]
    list_select_related = ["committee"]
    fields = [
        *("committee", "state", "is_example", "rows_read", "rows_done", "by", "at", "done_at"),
    ]
    ordering = ["-pk"]
