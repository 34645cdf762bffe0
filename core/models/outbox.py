"""The outbox: what remains to be done after a transaction, written inside it."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class OutboxState(models.TextChoices):
    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


class OutboxCause(models.TextChoices):
    """Why it failed, in words for everybody. `last_error` is for administrators."""

    DISK = "disk", _("There is no room on the server's disk.")
    MEMORY = "memory", _("The server did not have memory enough.")
    MISSING = "missing", _("A file that is needed is not where it should be.")
    CONTENT = "content", _("There is something in the content that a PDF cannot show.")
    WORKER = "worker", _("The program that makes it was stopped every time.")
    OTHER = "other", _("Something happened that the program does not know.")


SETTLED = (OutboxState.DONE, OutboxState.FAILED, OutboxState.CANCELLED)


class OutboxQuerySet(models.QuerySet["OutboxEntry"]):
    def claimable(self) -> "OutboxQuerySet":
        """Queued and due, or left behind by a worker whose lease ran out."""
        now = timezone.now()
        waiting = Q(state=OutboxState.QUEUED, available_at__lte=now)
        orphaned = Q(state=OutboxState.RUNNING, lease_until__lt=now)
        return self.filter(waiting | orphaned)

    def held_by(self, pk: int, token: str) -> "OutboxQuerySet":
        """The entry, if the worker with this token still holds its lease."""
        return self.filter(pk=pk, state=OutboxState.RUNNING, lease_token=token)


class OutboxEntry(models.Model):
    """One effect (a mail, a PDF, an index update) that happens once per `key`.

    `payload` holds ids only, so that no text of a closed item rests in the queue.
    """

    kind = models.CharField(_("kind"), max_length=60)
    key = models.CharField(_("key"), max_length=200, unique=True)
    payload = models.JSONField(_("payload"), default=dict)
    state = models.CharField(
        _("state"), max_length=10, choices=OutboxState, default=OutboxState.QUEUED
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    # How often a worker died with it in hand. That says less about the entry than an error does.
    deaths = models.PositiveSmallIntegerField(_("workers that died"), default=0)
    max_attempts = models.PositiveSmallIntegerField(_("most attempts"), default=5)
    available_at = models.DateTimeField(_("not before"), default=timezone.now)
    lease_until = models.DateTimeField(_("lease until"), null=True, blank=True)
    lease_token = models.CharField(_("lease token"), max_length=32, blank=True)
    step = models.CharField(_("step"), max_length=200, blank=True)
    share = models.PositiveSmallIntegerField(_("share done"), default=0)
    cause = models.CharField(_("cause"), max_length=10, choices=OutboxCause, blank=True)
    last_error = models.TextField(_("last error"), blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    created_by = models.BigIntegerField(_("created by"), null=True, blank=True)
    done_at = models.DateTimeField(_("settled"), null=True, blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        verbose_name = _("outbox entry")
        verbose_name_plural = _("outbox")
        ordering = ["available_at", "pk"]
        indexes = [models.Index(fields=["state", "available_at"], name="outbox_due")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=OutboxState.values), name="outbox_state_known"
            ),
            models.CheckConstraint(condition=Q(share__lte=100), name="outbox_share_is_percent"),
            models.CheckConstraint(
                condition=Q(attempts__lte=models.F("max_attempts")), name="outbox_attempts_bounded"
            ),
            # Running means that somebody holds the lease, and nobody else does.
            models.CheckConstraint(
                condition=Q(state=OutboxState.RUNNING, lease_until__isnull=False)
                & ~Q(lease_token="")
                | ~Q(state=OutboxState.RUNNING) & Q(lease_until__isnull=True, lease_token=""),
                name="outbox_lease_when_running",
            ),
            models.CheckConstraint(
                condition=Q(state__in=SETTLED, done_at__isnull=False)
                | ~Q(state__in=SETTLED) & Q(done_at__isnull=True),
                name="outbox_time_when_settled",
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def is_settled(self) -> bool:
        return self.state in SETTLED
