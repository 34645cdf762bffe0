from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committee.enums import SEATED, Role
from committee.models import Committee, committees_where
from usecases.enums import FINAL, Status
from usecases.models.cases import UseCase

SEES_RANKING = SEATED | {Role.SECRETARIAT}
# What can be ranked: sent in and not decided yet.
RANKED = frozenset({Status.SUBMITTED, Status.UNDER_ASSESSMENT, Status.PARKED})
STEP = Q(value__range=(1, 5), feasibility__range=(1, 5), risk__range=(1, 5))


class CaseScore(models.Model):
    """What the secretariat thinks of a case on the three scales; the newest counts. Append-only."""

    case = models.ForeignKey(UseCase, on_delete=models.PROTECT, related_name="scores")
    scales_ref = models.CharField(max_length=60)
    value = models.PositiveSmallIntegerField()
    feasibility = models.PositiveSmallIntegerField()
    risk = models.PositiveSmallIntegerField()
    reason = models.TextField()
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=STEP, name="scores_are_steps_of_a_scale")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.value}/{self.feasibility}/{self.risk}"


class RankingRoundQuerySet(models.QuerySet["RankingRound"]):
    def visible_to(self, user: Any) -> "RankingRoundQuerySet":
        """Rounds of the bodies in which `user` sits or is the secretariat."""
        return self.filter(committee__in=committees_where(user, SEES_RANKING))

    def unclosed(self) -> "RankingRoundQuerySet":
        return self.filter(closed_at__isnull=True)


class RankingRound(models.Model):
    """A round in which each member lays a fixed number of votes. Sealed until it closes.

    The row is the lock: a ballot is in before the round closes, or it is refused.
    """

    committee = models.ForeignKey(
        Committee,
        verbose_name=_("committee"),
        on_delete=models.PROTECT,
        related_name="ranking_rounds",
    )
    title = models.CharField(_("title"), max_length=120)
    votes_each = models.PositiveSmallIntegerField()
    most_per_case = models.PositiveSmallIntegerField()
    opened_at = models.DateTimeField(default=timezone.now)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    closes_at = models.DateTimeField(_("deadline"))
    closed_at = models.DateTimeField(null=True, blank=True)
    # Nobody: the clock closed it.
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # How many laid votes; known when it is closed.
    voters = models.PositiveIntegerField(null=True, blank=True)

    objects = RankingRoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("ranking round")
        verbose_name_plural = _("ranking rounds")
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(votes_each__gte=1)
                & Q(most_per_case__gte=1)
                & Q(most_per_case__lte=models.F("votes_each")),
                name="a_ranking_round_has_votes",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, voters__isnull=True)
                | Q(closed_at__isnull=False, voters__isnull=False),
                name="a_closed_ranking_round_is_counted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("usecases:ranking_round", args=[self.pk])

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    @property
    def takes_votes(self) -> bool:
        """Open, and the deadline has not passed, also when nobody has counted yet."""
        return self.closed_at is None and timezone.now() < self.closes_at

    @property
    def remind_at(self) -> Any:
        """Two days before the deadline; halfway, when the round is short."""
        return self.closes_at - min(timedelta(days=2), (self.closes_at - self.opened_at) / 2)


class RankingEntryQuerySet(models.QuerySet["RankingEntry"]):
    def standing(self) -> "RankingEntryQuerySet":
        """Those whose case is neither closed nor merged: votes on the others are given back."""
        return self.filter(case__merged_into__isnull=True).exclude(case__status__in=FINAL)


class RankingEntry(models.Model):
    """A case that a round is about."""

    round = models.ForeignKey(
        RankingRound,
        verbose_name=_("round of votes"),
        on_delete=models.PROTECT,
        related_name="entries",
    )
    case = models.ForeignKey(UseCase, on_delete=models.PROTECT, related_name="ranking_entries")
    # Counted when the round closes. A case that had left by then has none.
    total = models.PositiveIntegerField(null=True, blank=True)

    objects = RankingEntryQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "case"], name="a_case_once_in_a_round")
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.case_id}"

    @property
    def stands(self) -> bool:
        return self.case.merged_into_id is None and self.case.status not in FINAL


class RankingVote(models.Model):
    """The votes one member has on one case. Never shown to anybody but that member."""

    entry = models.ForeignKey(RankingEntry, on_delete=models.PROTECT, related_name="votes")
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="ranking_votes"
    )
    count = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "member"], name="a_members_votes_once"),
            models.CheckConstraint(condition=Q(count__gte=1), name="no_empty_ranking_votes"),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id}"
