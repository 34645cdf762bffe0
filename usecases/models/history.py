import json
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from usecases.enums import Status
from usecases.models.cases import UseCase


class Revision(models.Model):
    """The text of a submitted case at one moment: canonical JSON and its hash. Append-only."""

    case = models.ForeignKey(UseCase, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField(_("version"))
    body = models.TextField()
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ["case", "number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="one_case_revision_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.number}"

    @property
    def content(self) -> dict[str, Any]:
        """The frozen fields by key. A fresh copy each time."""
        data: dict[str, Any] = json.loads(self.body)
        return data


class StatusChange(models.Model):
    """One move of the life cycle: what, why and when. Append-only."""

    case = models.ForeignKey(UseCase, on_delete=models.PROTECT, related_name="status_changes")
    move = models.CharField(_("move"), max_length=40)
    old = models.CharField(max_length=30, choices=Status)
    new = models.CharField(_("new status"), max_length=30, choices=Status)
    reason = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)
    # Nobody: the system did it.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("change of status")
        verbose_name_plural = _("changes of status")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.case_id} {self.move}"
