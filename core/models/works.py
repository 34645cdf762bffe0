from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.models.files import StoredFile
from core.models.outbox import OutboxEntry


class AskedFile(models.Model):
    """A file that somebody asked for and a worker makes, once per content."""

    file = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True

    @property
    def outbox_key(self) -> str:
        """The same for the same content."""
        raise NotImplementedError

    @property
    def entry(self) -> OutboxEntry | None:
        """How far it is."""
        return OutboxEntry.objects.filter(key=self.outbox_key).first()


class Work(AskedFile):
    """A document or package that takes long: made once per `key` by a worker.

    The key names exactly what is made, so the same content is never made twice. Who may open
    it is decided by its maker (`core.works`); title and params hold no text of closed items.
    """

    kind = models.CharField(_("kind"), max_length=60)
    key = models.CharField(_("key"), max_length=160, unique=True)
    title = models.CharField(_("title"), max_length=200)
    params = models.JSONField(default=dict)
    made_at = models.DateTimeField(_("made"), null=True, blank=True)

    class Meta:
        verbose_name = _("long work")
        verbose_name_plural = _("long works")
        ordering = ["-requested_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("core:work_page", args=[self.pk])

    @property
    def outbox_key(self) -> str:
        return f"work:{self.key}"


class WorkAsker(models.Model):
    """Somebody who asked for a work and is told when it is done."""

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="askers")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="asked_works"
    )
    asked_at = models.DateTimeField(auto_now_add=True)
    # The finished document leaves "My work" when it has been opened or put aside.
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["work", "person"], name="one_asker_per_work_and_person")
        ]

    def __str__(self) -> str:
        return f"{self.work_id} {self.person_id}"
