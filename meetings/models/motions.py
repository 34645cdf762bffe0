from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meetings.enums import MotionKind, MotionState, VoteChoice, VoteMethod, VoteResult
from meetings.models.items import AgendaItem
from meetings.models.meeting import Meeting
from meetings.models.people import Disqualification

USER = settings.AUTH_USER_MODEL


class Motion(models.Model):
    """What a member proposes that the body decides on an item.

    An amendment holds the whole text as its proposer wants it; an addition only what is added.
    """

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="motions")
    kind = models.CharField(_("kind"), max_length=20, choices=MotionKind, default=MotionKind.MAIN)
    proposer = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("text"))
    position = models.PositiveSmallIntegerField(_("order"))
    state = models.CharField(
        _("state"), max_length=20, choices=MotionState, default=MotionState.PROPOSED
    )
    proposed_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("motion")
        verbose_name_plural = _("motions")
        ordering = ["item", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["item"],
                condition=Q(kind=MotionKind.MAIN) & ~Q(state=MotionState.WITHDRAWN),
                name="one_main_motion_per_item",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=MotionKind.values), name="motion_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=MotionState.values), name="motion_state_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.kind} {self.pk}"


class VoteRoundQuerySet(models.QuerySet["VoteRound"]):
    """Rounds of a meeting, whatever they are about."""

    def in_meeting(self, meeting: Meeting | int) -> "VoteRoundQuerySet":
        return self.filter(
            Q(motion__item__meeting=meeting) | Q(disqualification__item__meeting=meeting)
        )

    def on_item(self, item: "AgendaItem") -> "VoteRoundQuerySet":
        return self.filter(Q(motion__item=item) | Q(disqualification__item=item))

    def open(self) -> "VoteRoundQuerySet":
        return self.filter(closed_at__isnull=True)


class VoteRound(models.Model):
    """One vote on a motion, or on whether a member is disqualified.

    The result is frozen in the row when the round closes.
    """

    motion = models.ForeignKey(
        Motion, null=True, blank=True, on_delete=models.PROTECT, related_name="rounds"
    )
    disqualification = models.ForeignKey(
        Disqualification, null=True, blank=True, on_delete=models.PROTECT, related_name="rounds"
    )
    number = models.PositiveSmallIntegerField(_("number"))
    method = models.CharField(_("method"), max_length=20, choices=VoteMethod)
    opened_at = models.DateTimeField(default=timezone.now)
    opened_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    votes_for = models.PositiveSmallIntegerField(default=0)
    votes_against = models.PositiveSmallIntegerField(default=0)
    abstentions = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(_("result"), max_length=20, choices=VoteResult, blank=True)
    # The rule the result stands on, as it was when the round closed.
    rule = models.CharField(max_length=500, blank=True)

    objects = VoteRoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("round of votes")
        verbose_name_plural = _("rounds of votes")
        ordering = ["motion", "disqualification", "number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(motion__isnull=False, disqualification__isnull=True)
                | Q(motion__isnull=True, disqualification__isnull=False),
                name="vote_round_is_about_one_thing",
            ),
            models.UniqueConstraint(fields=["motion", "number"], name="one_vote_round_per_number"),
            models.UniqueConstraint(
                fields=["disqualification", "number"],
                name="one_vote_round_per_disqualification_and_number",
            ),
            models.UniqueConstraint(
                fields=["disqualification"],
                condition=Q(closed_at__isnull=True),
                name="one_open_vote_round_per_disqualification",
            ),
            models.UniqueConstraint(
                fields=["motion"],
                condition=Q(closed_at__isnull=True),
                name="one_open_vote_round_per_motion",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, outcome="")
                | Q(closed_at__isnull=False, outcome__in=VoteResult.values),
                name="closed_vote_round_has_a_result",
            ),
            models.CheckConstraint(
                condition=Q(method__in=VoteMethod.values), name="vote_method_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.motion_id or self.disqualification_id} {self.number}"

    @property
    def item(self) -> AgendaItem:
        """The item that the vote belongs to."""
        if self.motion is not None:
            return self.motion.item
        # The check constraint holds that it is one or the other.
        return self.disqualification.item  # type: ignore[union-attr]

    @property
    def kind(self) -> str:
        """The kind of the motion that is voted on; empty when it is about a person."""
        return self.motion.kind if self.motion else ""

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class Vote(models.Model):
    """One member's vote in one round. Append-only by trigger."""

    round = models.ForeignKey(VoteRound, on_delete=models.PROTECT, related_name="votes")
    member = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    choice = models.CharField(_("vote"), max_length=10, choices=VoteChoice)
    cast_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        constraints = [
            models.UniqueConstraint(
                fields=["round", "member"], name="one_vote_per_round_and_member"
            ),
            models.CheckConstraint(
                condition=Q(choice__in=VoteChoice.values), name="vote_choice_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.member_id}"


class Dissent(models.Model):
    """A member's own words in the minutes about a vote they did not win. Append-only by trigger.

    Kommunestyrelseslovens § 13, stk. 2.
    """

    round = models.ForeignKey(VoteRound, on_delete=models.PROTECT, related_name="dissents")
    member = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("dissenting opinion"))
    at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("why it comes later"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("dissenting opinion")
        verbose_name_plural = _("dissenting opinions")
        ordering = ["round", "at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "member"], name="one_dissent_per_round_and_member"
            )
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.member_id}"
