from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from committee.enums import READ_CLOSED, SEE_DRAFTS, Role
from committee.models import Committee, committees_where
from meetings.enums import RoundState
from meetings.models.items import Attachment
from meetings.models.meeting import Meeting


class InputRoundQuerySet(models.QuerySet["InputRound"]):
    def visible_to(self, user: Any) -> "InputRoundQuerySet":
        """Rounds one is asked in, and those one runs."""
        return self.filter(
            Q(committee__in=committees_where(user, SEE_DRAFTS))
            | Q(asks_members=True, committee__in=committees_where(user, READ_CLOSED))
            | Q(asks_follow_group=True, committee__in=committees_where(user, {Role.FOLLOW_GROUP}))
        )


class InputRound(models.Model):
    """A round of written input between meetings. It ends as an attachment of an agenda."""

    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="rounds")
    title = models.CharField(_("title"), max_length=200)
    question = models.TextField(_("what you ask about"))
    asks_members = models.BooleanField(_("the members"), default=True)
    asks_follow_group = models.BooleanField(_("the follow group"), default=False)
    meeting = models.ForeignKey(
        Meeting,
        on_delete=models.PROTECT,
        related_name="rounds",
        verbose_name=_("meeting that gets the answers"),
    )
    state = models.CharField(max_length=10, choices=RoundState, default=RoundState.OPEN)
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField(_("deadline"))
    closed_at = models.DateTimeField(null=True, blank=True)
    attachment = models.ForeignKey(
        Attachment, null=True, on_delete=models.PROTECT, related_name="input_rounds"
    )

    objects = InputRoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("round of written input")
        verbose_name_plural = _("rounds of written input")
        ordering = ["-opened_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(asks_members=True) | Q(asks_follow_group=True),
                name="a_round_asks_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state__in=RoundState.values), name="round_state_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("meetings:round_page", args=[self.pk])


class InputAnswer(models.Model):
    """One person's answer; it can be rewritten until the round closes."""

    round = models.ForeignKey(InputRound, on_delete=models.PROTECT, related_name="answers")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("your input"))
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["saved_at"]
        constraints = [
            models.UniqueConstraint(fields=["round", "author"], name="one_answer_per_author")
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.author_id}"
