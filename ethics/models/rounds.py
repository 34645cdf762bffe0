import json
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from committee.enums import SEATED, Role
from committee.models import RuleProfile, committees_where
from ethics.enums.rounds import (
    ENDED,
    OPEN,
    OUT,
    SHEETLESS,
    Capacity,
    Conflict,
    RoundDecision,
    RoundKind,
    RoundState,
    SheetAdvice,
)
from usecases.enums import DecisionAccess, EthicsOutcome
from usecases.models import CaseHandOver, UseCase
from usecases.models.handover import handed_on_by

# Those who take part in reviews, beside those who answer for the case.
REVIEW_READERS = SEATED | {Role.SECRETARIAT, Role.REVIEWER, Role.DPO, Role.LEGAL}
# For a body without rules of its own: the law's for a committee of the council.
AGENDA_WEEKDAYS = 4


def _closed_elsewhere(user: Any) -> Q:
    """What an earlier body concluded behind closed doors; the new one's secretariat reads it."""
    later = CaseHandOver.objects.filter(case=OuterRef("case"), at__gte=OuterRef("opened_at"))
    closed = Q(agenda_access=DecisionAccess.CLOSED, state__in=ENDED, case__handed_on=True)
    prepares = Q(case__committee__in=committees_where(user, {Role.SECRETARIAT}))
    return closed & Exists(later) & ~prepares


class ReviewRoundQuerySet(models.QuerySet["ReviewRound"]):
    def visible_to(self, user: Any) -> "ReviewRoundQuerySet":
        """Rounds of the bodies in which `user` reviews, and of `user`'s own cases.

        Of a case that has gone to another body also those of the body that had it.
        That one may know of a round does not open its sheets; see `ethics.policies.rounds`.
        """
        bodies = committees_where(user, REVIEW_READERS)
        own = UseCase.objects.mine(user).values("pk")
        if not bodies:
            return self.filter(Q(case__in=own))
        here = Q(case__committee__in=bodies) & ~_closed_elsewhere(user)
        return self.filter(here | Q(case__in=own) | Q(case__in=handed_on_by(bodies)))

    def opened_to(self, user: Any) -> "ReviewRoundQuerySet":
        """Those of which `user` may see more than that they are to answer for themselves."""
        own = ReviewAssignment.objects.filter(reviewer=getattr(user, "pk", None))
        shut = own.exclude(conflict=Conflict.NO).filter(released_at__isnull=True)
        out = own.filter(conflict__in=OUT)
        rows = self.visible_to(user).exclude(pk__in=shut.values("round"))
        return rows.exclude(case__in=out.values("round__case"))

    def unended(self) -> "ReviewRoundQuerySet":
        return self.filter(state__in=OPEN)


class ReviewRound(models.Model):
    """One review of a case, from screening to a decision. At most one is open for each case.

    The row is the lock: sheets, flags and moves of the round are written while it is held.
    """

    case = models.ForeignKey(UseCase, on_delete=models.PROTECT, related_name="reviews")
    number = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=20, choices=RoundKind)
    state = models.CharField(
        _("state"), max_length=20, choices=RoundState, default=RoundState.SCREENING, db_index=True
    )
    opened_at = models.DateTimeField(default=timezone.now)
    # Nobody: the system opened it.
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    state_since = models.DateTimeField(default=timezone.now)
    # Why it was opened, asked back, put off or cancelled; the newest.
    reason = models.TextField(_("reason"), blank=True)

    # What is reviewed: the text's revision, and the answers of those who propose, frozen when the
    # sheets are handed out. A turn is one handing out; a restart begins the next.
    revision = models.PositiveIntegerField()
    questionnaire_ref = models.CharField(max_length=60)
    answers = models.JSONField(default=dict)
    turn = models.PositiveIntegerField(default=0)
    blind = models.BooleanField(_("blind"), default=False)
    deadline = models.DateTimeField(_("deadline"), null=True, blank=True)
    revealed_at = models.DateTimeField(null=True, blank=True)

    fast_track = models.BooleanField(default=False)
    # The last day on which a member can call a fast-tracked case up.
    call_up_until = models.DateField(null=True, blank=True)
    called_up_at = models.DateTimeField(null=True, blank=True)
    called_up_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    assessment = models.TextField(_("joint assessment"), blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    # A plain reference: the meetings are another app's.
    agenda_on = models.DateField(null=True, blank=True)
    agenda_published_on = models.DateField(null=True, blank=True)
    agenda_item = models.CharField(max_length=60, blank=True)
    agenda_title = models.CharField(max_length=200, blank=True)
    agenda_url = models.CharField(max_length=500, blank=True)
    agenda_access = models.CharField(
        max_length=10, choices=DecisionAccess, default=DecisionAccess.OPEN
    )
    agenda_ground = models.CharField(max_length=200, blank=True)
    snapshot_sha256 = models.CharField(max_length=64, blank=True)
    snapshot_revision = models.PositiveIntegerField(default=0)
    revisit_on = models.DateField(null=True, blank=True)

    # How many were there, without the disqualified, and how many there had to be.
    present = models.PositiveSmallIntegerField(null=True, blank=True)
    quorum = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(max_length=30, choices=EthicsOutcome, blank=True)
    recommended_on = models.DateField(null=True, blank=True)
    reasons = models.TextField(blank=True)
    dissent = models.TextField(blank=True)

    body = models.CharField(max_length=200, blank=True)
    decision = models.CharField(max_length=20, choices=RoundDecision, blank=True)
    decision_on = models.DateField(null=True, blank=True)
    decision_reasons = models.TextField(blank=True)
    decision_in_mandate = models.BooleanField(default=False)
    decision_deviation = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = ReviewRoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="a_review_has_its_number"),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(state__in=sorted(OPEN)),
                name="one_open_review_per_case",
            ),
            models.CheckConstraint(
                condition=Q(state__in=RoundState.values), name="review_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=RoundKind.values), name="review_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("ethics:review_page", args=[self.pk])

    @property
    def is_ended(self) -> bool:
        return self.state in ENDED

    @cached_property
    def people(self) -> list["ReviewAssignment"]:
        """Everybody who was asked and not released, in the order of asking."""
        rows = self.assignments.filter(released_at__isnull=True)
        return list(rows.select_related("reviewer").order_by("pk"))

    @property
    def reviewers(self) -> list["ReviewAssignment"]:
        """Those who fill in a sheet: impartial ones, and those who have not answered yet."""
        return [one for one in self.people if one.has_sheet and one.conflict not in OUT]

    @cached_property
    def out_ids(self) -> frozenset[int]:
        """Those who, in any round of the case, have said that they may be partial in it."""
        rows = ReviewAssignment.objects.filter(round__case=self.case_id, conflict__in=OUT)
        return frozenset(rows.values_list("reviewer", flat=True))

    @cached_property
    def turn_sheets(self) -> list["ReviewSheet"]:
        """The sheets of this turn, of those who are still in the round."""
        own = {one.pk: one for one in self.reviewers}
        rows = ReviewSheet.objects.filter(assignment__in=own, turn=self.turn).order_by("pk")
        found = list(rows)
        for sheet in found:
            sheet.assignment = own[sheet.assignment_id]
        return found

    @property
    def sealed_count(self) -> int:
        return sum(1 for sheet in self.turn_sheets if sheet.sealed_at)

    @property
    def open_sheets(self) -> list["ReviewSheet"]:
        """What everybody who reviews may read: sealed and revealed."""
        return [sheet for sheet in self.turn_sheets if sheet.sealed_at and sheet.revealed_at]

    @property
    def agenda_weekdays(self) -> int:
        """How many weekdays before the meeting the members must have its agenda."""
        day = self.agenda_on or timezone.localdate()
        rows = RuleProfile.objects.filter(terms__committee=self.case.committee_id)
        profile = rows.filter(valid_from__lte=day).order_by("-valid_from", "-pk").first()
        return int(profile.rules["agenda_deadline_weekdays"]) if profile else AGENDA_WEEKDAYS

    def forget(self) -> None:
        """Read people and sheets anew next time."""
        for name in ("people", "turn_sheets", "out_ids"):
            self.__dict__.pop(name, None)


class ReviewMove(models.Model):
    """One move of a round: what, why and when. Append-only."""

    round = models.ForeignKey(ReviewRound, on_delete=models.PROTECT, related_name="moves")
    move = models.CharField(max_length=40)
    old = models.CharField(max_length=20, choices=RoundState)
    new = models.CharField(max_length=20, choices=RoundState)
    reason = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)
    # Nobody: the system did it.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("move of a review")
        verbose_name_plural = _("moves of reviews")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.round_id} {self.move}"


class ReviewAssignment(models.Model):
    """Somebody who takes part in a round, and whether they are impartial in this case."""

    round = models.ForeignKey(ReviewRound, on_delete=models.PROTECT, related_name="assignments")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="review_assignments"
    )
    capacity = models.CharField(_("capacity"), max_length=20, choices=Capacity)
    knows_ethics = models.BooleanField(_("works with ethics"), default=False)
    assigned_at = models.DateTimeField(default=timezone.now)
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    conflict = models.CharField(_("impartiality"), max_length=10, choices=Conflict, blank=True)
    grounds = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "reviewer"], name="a_reviewer_once_in_a_round")
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.reviewer_id}"

    @property
    def has_sheet(self) -> bool:
        return self.capacity not in SHEETLESS

    @property
    def is_impartial(self) -> bool:
        return self.conflict == Conflict.NO

    @property
    def is_out(self) -> bool:
        return self.conflict in OUT


class ReviewSheet(models.Model):
    """One reviewer's answers in one turn. Theirs alone until they are sealed and revealed."""

    assignment = models.ForeignKey(
        ReviewAssignment, on_delete=models.PROTECT, related_name="sheets"
    )
    turn = models.PositiveIntegerField()
    revision = models.PositiveIntegerField()
    questionnaire_ref = models.CharField(max_length=60)
    answers = models.JSONField(default=dict)
    recommendation = models.CharField(max_length=30, choices=SheetAdvice, blank=True)
    note = models.TextField(blank=True)
    saved_at = models.DateTimeField(default=timezone.now)
    # Canonical JSON with a secret salt: few answers could else be guessed from the hash.
    body = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    sealed_at = models.DateTimeField(null=True, blank=True)
    revealed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("sheet")
        verbose_name_plural = _("sheets")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "turn"], name="one_sheet_per_turn"),
            models.CheckConstraint(
                condition=Q(sealed_at__isnull=True, sha256="")
                | (Q(sealed_at__isnull=False) & ~Q(sha256="")),
                name="a_sealed_sheet_has_its_hash",
            ),
            models.CheckConstraint(
                condition=Q(revealed_at__isnull=True) | Q(sealed_at__isnull=False),
                name="only_sealed_sheets_are_revealed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assignment_id} {self.turn}"

    @property
    def sealed(self) -> dict[str, Any]:
        """What was sealed, as it was hashed."""
        data: dict[str, Any] = json.loads(self.body)
        return data


class SheetAddition(models.Model):
    """What a reviewer adds to a sheet that has been revealed, and why. Append-only."""

    sheet = models.ForeignKey(ReviewSheet, on_delete=models.PROTECT, related_name="additions")
    question = models.CharField(max_length=20, blank=True)
    text = models.TextField()
    reason = models.TextField()
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("addition to a sheet")
        verbose_name_plural = _("additions to sheets")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.sheet_id}"


class FlagAnswer(models.Model):
    """What is done about a flag: a comment, a mitigation, a condition, or its cause removed."""

    round = models.ForeignKey(ReviewRound, on_delete=models.PROTECT, related_name="flag_answers")
    turn = models.PositiveIntegerField()
    question = models.CharField(max_length=20)
    severity = models.CharField(max_length=10)
    text = models.TextField(blank=True)
    # The condition's id; conditions are a part of their own.
    condition = models.PositiveBigIntegerField(null=True, blank=True)
    cause_removed = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("answer to a flag")
        verbose_name_plural = _("answers to flags")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "turn", "question", "severity"], name="a_flag_is_answered_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.question}"


class SpreadNote(models.Model):
    """What was said of a disagreement."""

    round = models.ForeignKey(ReviewRound, on_delete=models.PROTECT, related_name="spread_notes")
    turn = models.PositiveIntegerField()
    question = models.CharField(max_length=20)
    note = models.TextField()
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("note on a disagreement")
        verbose_name_plural = _("notes on disagreements")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "turn", "question"], name="one_note_per_disagreement"
            )
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.question}"
