from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committee.enums import Role
from committee.models import Committee, committees_where
from ethics.enums.aiact import AssessmentState, EvidenceKind, ReplayState
from usecases.models import UseCase

PERSON = settings.AUTH_USER_MODEL


class AiActAssessment(models.Model):
    """The answers to the AI Act's questions about one case, and what followed from them.

    A concluded one is never changed, only replaced. `result` is what a replay compares.
    """

    case = models.ForeignKey(UseCase, on_delete=models.PROTECT, related_name="ai_act_assessments")
    number = models.PositiveIntegerField(_("number"))
    state = models.CharField(
        _("status"),
        max_length=10,
        choices=AssessmentState,
        default=AssessmentState.DRAFT,
        db_index=True,
    )
    ruleset = models.CharField(max_length=60)
    # Question → {"value", "reason", "evidence", "person"}; the person finds out what is unknown.
    answers = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    tier = models.CharField(_("risk"), max_length=20, blank=True)
    disposition = models.CharField(max_length=20, blank=True)
    # A newer version of the rules under which nothing of it changes.
    confirmed_under = models.CharField(max_length=60, blank=True)
    version = models.PositiveIntegerField(default=1)
    # The case's text when it was concluded.
    revision = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)
    # Nobody: the system did it, as when the law changed.
    updated_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    concluded_at = models.DateTimeField(null=True, blank=True)
    concluded_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("AI Act assessment")
        verbose_name_plural = _("AI Act assessments")
        ordering = ["case", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="one_ai_act_per_number"),
            models.UniqueConstraint(
                fields=["case"], condition=Q(state="draft"), name="one_ai_act_draft_per_case"
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(state="concluded"), name="one_ai_act_result_per_case"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("ethics:aiact_page", args=[self.case_id])


class ObligationEvidence(models.Model):
    """How one can see that a duty of the AI Act is met, or that it does not apply yet.

    Rows are not changed: new evidence replaces the old.
    """

    case = models.ForeignKey(UseCase, on_delete=models.PROTECT, related_name="ai_act_evidence")
    code = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, choices=EvidenceKind, default=EvidenceKind.EVIDENCE)
    text = models.TextField(blank=True)
    link = models.CharField(max_length=500, blank=True)
    # A note that it does not apply yet holds until the day on which it does.
    holds_until = models.DateField(null=True, blank=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("evidence of a duty")
        verbose_name_plural = _("evidence of duties")
        ordering = ["case", "code", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "code"],
                condition=Q(replaced_at__isnull=True),
                name="one_evidence_per_duty",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.code}"


class ReplayQuerySet(models.QuerySet["AiActReplay"]):
    def visible_to(self, user: Any) -> "ReplayQuerySet":
        """Replays are the secretariat's work."""
        return self.filter(committee__in=committees_where(user, {Role.SECRETARIAT}))


class AiActReplay(models.Model):
    """Stored answers run again under another version of the rules."""

    committee = models.ForeignKey(
        Committee, verbose_name=_("committee"), on_delete=models.PROTECT, related_name="+"
    )
    ruleset = models.CharField(max_length=60)
    state = models.CharField(
        _("status"), max_length=10, choices=ReplayState, default=ReplayState.CHECKING
    )
    looked_at = models.PositiveIntegerField(default=0)
    reopened = models.PositiveIntegerField(_("cases re-opened"), default=0)
    by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = ReplayQuerySet.as_manager()

    class Meta:
        verbose_name = _("replay of the AI Act")
        verbose_name_plural = _("replays of the AI Act")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("ethics:aiact_replay", args=[self.pk])

    @property
    def is_working(self) -> bool:
        return self.state in (ReplayState.CHECKING, ReplayState.APPLYING)


class AiActReplayRow(models.Model):
    """A case whose outcome, duties or dates are others under the other rules."""

    replay = models.ForeignKey(AiActReplay, on_delete=models.CASCADE, related_name="rows")
    assessment = models.ForeignKey(AiActAssessment, on_delete=models.PROTECT, related_name="+")
    # A list of what is different: what, of which duty or outcome, from what to what.
    changes = models.JSONField(default=list)
    result = models.JSONField(default=dict)
    reopened_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["replay", "assessment"], name="one_row_per_assessment")
        ]

    def __str__(self) -> str:
        return f"{self.replay_id} {self.assessment_id}"
