from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meetings.enums import VersionKind
from meetings.models.meeting import Meeting


class PublicationFinding(models.Model):
    """Why something that looks private may be read by everybody.

    What was found is kept as a keyed hash only: this row must not become the place it leaks from.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="findings")
    key = models.CharField(max_length=64)
    kind = models.CharField(max_length=20)
    place = models.CharField(max_length=120)
    reason = models.CharField(_("reason"), max_length=300)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    resolved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "key"], name="one_resolution_per_finding"),
            models.CheckConstraint(condition=~Q(reason=""), name="resolution_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.kind} {self.place}"


class PublicationRequest(models.Model):
    """One person asks that exactly this public text goes out, another approves it."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="publications")
    kind = models.CharField(max_length=10, choices=VersionKind, default=VersionKind.MINUTES)
    number = models.PositiveSmallIntegerField(_("version"))
    # Of the public edition that was looked at; another text needs another request.
    sha256 = models.CharField(max_length=64)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(default=timezone.now)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    # When the public text was another one before anybody approved.
    dropped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("asked_by")),
                name="publication_takes_two_persons",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="publication_approved_by_somebody_at_some_time",
            ),
            models.UniqueConstraint(
                fields=["meeting", "kind"],
                condition=Q(approved_at__isnull=True, dropped_at__isnull=True),
                name="one_open_publication_request_per_kind",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=VersionKind.values), name="publication_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.kind} {self.number}"
