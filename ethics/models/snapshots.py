import json
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from usecases.models import UseCase


class CaseSnapshot(models.Model):
    """What a decision rests on at one moment: canonical JSON and its hash. Append-only."""

    case = models.ForeignKey(UseCase, on_delete=models.PROTECT, related_name="snapshots")
    number = models.PositiveIntegerField(_("number"))
    # The frozen text of the case that it holds.
    revision = models.PositiveIntegerField()
    body = models.TextField()
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("snapshot")
        verbose_name_plural = _("snapshots")
        ordering = ["case", "number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="one_snapshot_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.number}"

    @property
    def pieces(self) -> dict[str, Any]:
        """The frozen pieces by the key of who gave them. A fresh copy each time."""
        found: dict[str, Any] = json.loads(self.body)["pieces"]
        return found
