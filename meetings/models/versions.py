import json
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import AskedFile, StoredFile
from meetings.enums import DocumentKind, Edition, VersionKind
from meetings.models.meeting import Meeting


class IssuedVersion(models.Model):
    """An agenda or minutes as issued: canonical JSON, its sha256, never changed (trigger)."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="versions")
    kind = models.CharField(max_length=10, choices=VersionKind)
    number = models.PositiveSmallIntegerField(_("version"))
    body = models.TextField()
    sha256 = models.CharField(max_length=64)
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("issued version")
        verbose_name_plural = _("issued versions")
        ordering = ["meeting", "kind", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "kind", "number"], name="one_issued_version_per_number"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=VersionKind.values), name="version_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.kind} {self.number}"

    @property
    def snapshot(self) -> dict[str, Any]:
        """The frozen content. A fresh copy each time, so that nobody can alter it."""
        data: dict[str, Any] = json.loads(self.body)
        return data


class RenderedDocument(AskedFile):
    """A PDF of exactly one redacted snapshot.

    The fingerprint is taken from that snapshot, so a change of access makes the old file
    unreachable on the next request.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=10, choices=DocumentKind)
    edition = models.CharField(max_length=10, choices=Edition)
    version = models.ForeignKey(
        IssuedVersion, null=True, on_delete=models.PROTECT, related_name="documents"
    )
    # Closed items left out for one disqualified reader.
    without = models.JSONField(default=list)
    fingerprint = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "fingerprint"], name="one_document_per_kind_and_content"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=DocumentKind.values), name="document_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(edition__in=Edition.values), name="document_edition_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.kind} {self.edition}"

    @property
    def outbox_key(self) -> str:
        return f"render:{self.kind}:{self.fingerprint}"


class ReadThrough(models.Model):
    """Chosen readers comment on one and the same draft before it is issued."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="read_throughs")
    body = models.TextField()
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    due_at = models.DateTimeField(_("deadline"))
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["meeting"],
                condition=Q(closed_at__isnull=True),
                name="one_open_read_through_per_meeting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.opened_at:%Y-%m-%d}"

    @property
    def snapshot(self) -> dict[str, Any]:
        data: dict[str, Any] = json.loads(self.body)
        return data


class ReadThroughReader(models.Model):
    read_through = models.ForeignKey(ReadThrough, on_delete=models.CASCADE, related_name="readers")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["read_through", "reader"], name="one_reader_once")
        ]

    def __str__(self) -> str:
        return f"{self.read_through_id} {self.reader_id}"


class ReadThroughComment(models.Model):
    read_through = models.ForeignKey(ReadThrough, on_delete=models.PROTECT, related_name="comments")
    item = models.ForeignKey(
        "meetings.AgendaItem", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("comment"))
    at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return f"{self.pk}"


class Seal(models.Model):
    """Minutes as they were locked, and where the protocol chain stood; never changed (trigger)."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="seals")
    version = models.ForeignKey(IssuedVersion, on_delete=models.PROTECT, related_name="seals")
    # Of the frozen record, the full one.
    sha256 = models.CharField(max_length=64)
    audit_seq = models.PositiveBigIntegerField()
    audit_hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    class Meta:
        ordering = ["audit_seq"]
        constraints = [
            models.UniqueConstraint(fields=["audit_seq"], name="one_seal_per_act_of_locking")
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.audit_seq}"


class SealedFile(models.Model):
    """The final bytes of a sealed PDF, known by their sha256; never changed (trigger)."""

    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="files")
    edition = models.CharField(max_length=10, choices=Edition)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64, unique=True)
    # Empty when no certificate was configured.
    signed_by = models.CharField(max_length=200, blank=True)
    is_test = models.BooleanField(default=False)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(edition__in=Edition.values), name="sealed_edition_is_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.seal_id} {self.edition}"
