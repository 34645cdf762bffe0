from typing import NoReturn

from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditEntry(models.Model):
    """One act, chained to the one before it by hash.

    Append-only by database trigger (migration 0002). There are no foreign keys, so that the
    protocol never depends on live data, and no texts, so that it can be shown without leaking.
    Rows are written by `core.audit.record` only.
    """

    seq = models.BigIntegerField(_("number"), unique=True)
    at = models.DateTimeField(_("time"))
    actor_id = models.BigIntegerField(_("actor id"), null=True)
    actor_name = models.CharField(_("actor"), max_length=200)
    verb = models.CharField(_("act"), max_length=80, db_index=True)
    object_type = models.CharField(_("type"), max_length=80)
    object_id = models.CharField(_("id"), max_length=40)
    scope_type = models.CharField(_("part of"), max_length=80, blank=True)
    scope_id = models.CharField(_("part of id"), max_length=40, blank=True)
    data = models.JSONField(_("facts"), default=dict)
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering = ["seq"]
        indexes = [
            models.Index(fields=["object_type", "object_id"]),
            models.Index(fields=["scope_type", "scope_id", "seq"]),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.verb} {self.object_type} {self.object_id}"

    def delete(self, *args: object, **kwargs: object) -> NoReturn:
        raise TypeError("The audit chain is append-only.")
