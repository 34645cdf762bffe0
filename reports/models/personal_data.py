from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

USER = settings.AUTH_USER_MODEL


class ErasureRequest(models.Model):
    """One administrator asks that a person's data are erased, another lets it happen.

    It holds no data of the person but the key to a row that is emptied with it.
    """

    person = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    # The public record keeps the name of those who sat in a body, else it says that they left.
    keeps_name = models.BooleanField(_("keeps the name"))
    # What the preview said: when it says something else, nobody has agreed to it.
    preview_sha256 = models.CharField(max_length=64)
    asked_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    settled_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    dropped_at = models.DateTimeField(_("dropped"), null=True, blank=True)

    class Meta:
        verbose_name = _("request for erasure")
        verbose_name_plural = _("requests for erasure")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(confirmed_at__isnull=True, dropped_at__isnull=True),
                name="one_open_erasure_per_person",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True)
                | (Q(settled_by__isnull=False) & ~Q(settled_by=F("asked_by"))),
                name="erasure_takes_two_persons",
            ),
            models.CheckConstraint(
                condition=~Q(asked_by=F("person")), name="nobody_erases_themselves"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.confirmed_at is None and self.dropped_at is None
