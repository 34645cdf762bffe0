from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committee.enums import Role
from committee.models import Committee, committees_where
from core.models import StoredFile
from usecases.models.cases import UseCase


class ImportState(models.TextChoices):
    CHECKING = "checking", _("Being read")
    CHECKED = "checked", _("Read, waiting for you")
    IMPORTING = "importing", _("Being imported")
    DONE = "done", _("Imported")
    FAILED = "failed", _("Could not be read")


class RowAction(models.TextChoices):
    NEW = "new", _("New")
    UPDATE = "update", _("Update")
    SAME = "same", _("Unchanged")
    HELD = "held", _("Held back")


class ImportQuerySet(models.QuerySet["CaseImport"]):
    def visible_to(self, user: Any) -> "ImportQuerySet":
        """Imports are the secretariat's work."""
        return self.filter(committee__in=committees_where(user, {Role.SECRETARIAT}))


class CaseImport(models.Model):
    """One file with cases: read, looked at, and then taken in."""

    committee = models.ForeignKey(
        Committee, verbose_name=_("committee"), on_delete=models.PROTECT, related_name="+"
    )
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(
        _("status"), max_length=10, choices=ImportState, default=ImportState.CHECKING
    )
    allow_unplaced = models.BooleanField(default=False)
    is_example = models.BooleanField(default=False)
    # Heading → the field of the record it fills; headings that fill none.
    columns = models.JSONField(default=dict)
    unused = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    failure = models.TextField(blank=True)
    rows_read = models.PositiveIntegerField(default=0)
    # How far the import itself has come: the number of the last row that was dealt with.
    rows_done = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import of cases")
        verbose_name_plural = _("imports of cases")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.pk}"

    @property
    def is_working(self) -> bool:
        return self.state in (ImportState.CHECKING, ImportState.IMPORTING)


class ImportRow(models.Model):
    """What one row of the file is, what it becomes, and what is to be said of it."""

    batch = models.ForeignKey(CaseImport, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    action = models.CharField(max_length=10, choices=RowAction)
    # Empty for a row that is held back.
    key = models.CharField(max_length=64, blank=True)
    title = models.CharField(max_length=200, blank=True)
    # The fields that an update changes.
    changes = models.JSONField(default=list)
    # [{"column", "text", "holds"}]; what holds the row back comes first.
    messages = models.JSONField(default=list)
    # A row that is held back, cell by cell, so that nothing is lost.
    cells = models.JSONField(default=dict)
    case = models.ForeignKey(
        UseCase, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["number"]
        indexes = [models.Index(fields=["batch", "key"], name="import_row_by_key")]
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="one_import_row_per_number"),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.number}"


class ImportKey(models.Model):
    """By what a case is known in the files it came from: a given id, or place and title."""

    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=64)
    case = models.ForeignKey(UseCase, on_delete=models.CASCADE, related_name="import_keys")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["committee", "key"], name="one_case_per_import_key"),
        ]

    def __str__(self) -> str:
        return self.key
