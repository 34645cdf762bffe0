from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meetings.enums import ApprovalAnswer
from meetings.models.items import AgendaItem
from meetings.models.meeting import Meeting
from meetings.models.versions import IssuedVersion

USER = settings.AUTH_USER_MODEL


class MinutesApproval(models.Model):
    """What a member says to one version of the minutes; the newest row counts.

    Append-only by trigger. Kommunestyrelseslovens § 13: who took part stands by the protocol.
    """

    version = models.ForeignKey(IssuedVersion, on_delete=models.PROTECT, related_name="approvals")
    member = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    # How many answers this member had given to the version before.
    number = models.PositiveSmallIntegerField(_("number"))
    answer = models.CharField(_("answer"), max_length=12, choices=ApprovalAnswer)
    # What a reservation or a correction is about; empty when it is about the whole.
    item = models.ForeignKey(AgendaItem, null=True, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("text"), blank=True)
    at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("approval of minutes")
        verbose_name_plural = _("approvals of minutes")
        ordering = ["version", "at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "member", "number"], name="one_approval_per_member_and_number"
            ),
            models.CheckConstraint(
                condition=Q(answer__in=ApprovalAnswer.values), name="approval_answer_is_known"
            ),
            models.CheckConstraint(
                condition=Q(answer=ApprovalAnswer.APPROVE, text="")
                | (~Q(answer=ApprovalAnswer.APPROVE) & ~Q(text="")),
                name="reservation_and_correction_have_words",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.member_id} {self.number}"


class CorrectionReply(models.Model):
    """The secretariat's answer to a member who asked for a correction. Append-only by trigger."""

    approval = models.OneToOneField(MinutesApproval, on_delete=models.PROTECT, related_name="reply")
    accepted = models.BooleanField(_("accepted"))
    text = models.TextField(_("answer"))
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("answer to a correction")
        verbose_name_plural = _("answers to corrections")

    def __str__(self) -> str:
        return f"{self.approval_id}"


class ProofOverride(models.Model):
    """Why the minutes go out although something is missing in them. Append-only by trigger.

    `key` names exactly what is missing: when that changes, the reason no longer holds.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="overrides")
    key = models.CharField(max_length=80)
    item = models.ForeignKey(AgendaItem, null=True, on_delete=models.PROTECT, related_name="+")
    line = models.CharField(_("what is missing"), max_length=500)
    reason = models.CharField(_("reason"), max_length=300)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("minuted reason")
        verbose_name_plural = _("minuted reasons")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="an_override_has_a_reason")
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.pk}"


class MinutesAddition(models.Model):
    """A numbered addition, the only correction of locked minutes. Append-only by trigger."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="additions")
    number = models.PositiveSmallIntegerField(_("number"))
    item = models.ForeignKey(AgendaItem, null=True, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("addition"))
    public_text = models.TextField(_("what citizens read instead"), blank=True)
    reason = models.CharField(_("reason"), max_length=300)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("addition to the minutes")
        verbose_name_plural = _("additions to the minutes")
        ordering = ["meeting", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "number"], name="one_addition_per_number_and_meeting"
            ),
            models.CheckConstraint(
                condition=~Q(text="") & ~Q(reason=""), name="an_addition_says_something_and_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.number}"


class ReopenRequest(models.Model):
    """One person asks that locked minutes are opened again, another lets it happen."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="reopenings")
    reason = models.CharField(_("reason"), max_length=300)
    asked_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    approved_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    # When it was turned down, or taken back.
    dropped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("request to reopen minutes")
        verbose_name_plural = _("requests to reopen minutes")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="reopening_has_a_reason"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("asked_by")),
                name="reopening_takes_two_persons",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="reopening_approved_by_somebody_at_some_time",
            ),
            models.UniqueConstraint(
                fields=["meeting"],
                condition=Q(approved_at__isnull=True, dropped_at__isnull=True),
                name="one_open_reopening_per_meeting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.pk}"
