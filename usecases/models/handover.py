"""Cases that one body has handed to the next, and who reads them still."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committee.models import Committee, roles_of


class CaseHandOver(models.Model):
    """A case went from one body to another with all its history. Append-only."""

    case = models.ForeignKey(
        "usecases.UseCase", on_delete=models.PROTECT, related_name="hand_overs"
    )
    origin = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="+")
    receiver = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("hand-over of a case")
        verbose_name_plural = _("hand-overs of cases")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(origin=F("receiver")), name="a_case_goes_to_another_body"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} > {self.receiver_id}"


def handed_on_by(bodies: Collection[int], *, drafts: bool = False) -> Any:
    """Ids of the cases that one of `bodies` had before; drafts of that time only when asked for."""
    rows = CaseHandOver.objects.filter(origin__in=bodies)
    if not drafts:
        rows = rows.filter(case__submitted_at__lte=F("at"))
    return rows.values("case")


def earlier_bodies(user: Any) -> dict[int, list[tuple[int, datetime]]]:
    """Case → the bodies of `user` that handed it on, and when; one query per request."""
    if not roles_of(user):
        return {}
    # hasattr and not __dict__: the user of a request is a lazy proxy with a __dict__ of its own.
    if not hasattr(user, "earlier_bodies"):
        found: dict[int, list[tuple[int, datetime]]] = {}
        rows = CaseHandOver.objects.filter(origin__in=list(roles_of(user)))
        for case, origin, at in rows.values_list("case", "origin", "at"):
            found.setdefault(case, []).append((origin, at))
        user.earlier_bodies = found
    known: dict[int, list[tuple[int, datetime]]] = user.earlier_bodies
    return known
