"""Hearings of a case: the questions, what was answered, and how it was taken into account."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ethics.enums.hearings import HearingState, Party
from usecases.models import UseCase


class Hearing(models.Model):
    """One hearing of a case. The row is the lock: an answer is in before it closes, or refused."""

    case = models.ForeignKey(UseCase, on_delete=models.PROTECT, related_name="hearings")
    state = models.CharField(max_length=20, choices=HearingState, default=HearingState.OPEN)
    asks_med = models.BooleanField(default=False)
    asks_follow_group = models.BooleanField(default=False)
    # [{"id": "1", "text": "…"}]: its own, whatever the content's defaults become.
    questions = models.JSONField(default=list)
    questions_ref = models.CharField(max_length=60)
    deadline = models.DateField(_("deadline"))
    # The text of the case that was heard about.
    revision = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField(default=timezone.now)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    # What the hearing showed, and how it was taken into account.
    summary = models.TextField(blank=True)
    account = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("hearing")
        verbose_name_plural = _("hearings")
        ordering = ["case", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(state="open"), name="one_open_hearing_per_case"
            ),
            models.CheckConstraint(
                condition=Q(asks_med=True) | Q(asks_follow_group=True),
                name="a_hearing_asks_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed")
                | (~Q(summary="") & ~Q(account="") & Q(closed_at__isnull=False)),
                name="a_closed_hearing_says_what_it_showed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("ethics:hearing_page", args=[self.case_id])

    @property
    def parties(self) -> list[Party]:
        asked = {Party.MED: self.asks_med, Party.FOLLOW_GROUP: self.asks_follow_group}
        return [party for party, is_asked in asked.items() if is_asked]

    @property
    def is_open(self) -> bool:
        return self.state == HearingState.OPEN

    @property
    def is_late(self) -> bool:
        """Open after its deadline."""
        return self.is_open and timezone.localdate() > self.deadline


class HearingReply(models.Model):
    """What one of those who are heard answered; the newest of each counts. Append-only."""

    hearing = models.ForeignKey(Hearing, on_delete=models.PROTECT, related_name="replies")
    party = models.CharField(max_length=20, choices=Party)
    # Question id → answer.
    answers = models.JSONField(default=dict)
    # Who answered and when, of an answer that somebody else writes down.
    who = models.CharField(_("who answered"), max_length=200, blank=True)
    answered_on = models.DateField(_("date"), null=True, blank=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("answer to a hearing")
        verbose_name_plural = _("answers to hearings")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(party="med") | (~Q(who="") & Q(answered_on__isnull=False)),
                name="an_answer_of_med_says_whose_and_when",
            )
        ]

    def __str__(self) -> str:
        return f"{self.hearing_id} {self.party}"

    @property
    def key(self) -> tuple[Any, ...]:
        """Whose answer it is: the newest with the same key counts."""
        is_own = self.party == Party.FOLLOW_GROUP
        return (self.party, self.by_id if is_own else None)
