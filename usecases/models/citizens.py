import secrets

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committee.models import Committee
from usecases.models.cases import UseCase


def new_status_token() -> str:
    """The secret part of the address where a citizen follows a proposal."""
    return secrets.token_urlsafe(32)


class CitizenProposal(models.Model):
    """What a citizen wrote in the public form.

    Until its address is confirmed it is no proposal and nobody reads it. Then name and e-mail
    move to the case, and only the title and the status address are left here.
    """

    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=100)
    problem = models.TextField(blank=True)
    helps = models.TextField(blank=True)
    name = models.CharField(max_length=150, blank=True)
    email = models.EmailField(blank=True)
    status_token = models.CharField(max_length=43, unique=True, default=new_status_token)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    case = models.OneToOneField(
        UseCase,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="citizen_proposal",
    )

    class Meta:
        verbose_name = _("proposal from a citizen")
        verbose_name_plural = _("proposals from citizens")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(confirmed_at__isnull=True, case__isnull=True)
                | models.Q(confirmed_at__isnull=False, case__isnull=False, email="", name=""),
                name="a_confirmed_proposal_is_a_case",
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class CitizenAttempt(models.Model):
    """That somebody sent the public form: a keyed hash of the address, for a day."""

    sender = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        indexes = [models.Index(fields=["sender", "at"], name="attempts_of_a_sender")]

    def __str__(self) -> str:
        return f"{self.pk}"
