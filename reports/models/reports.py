"""Reports to the council: what they say, who approved it, who got it, and how that went."""

import secrets
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committee.enums import READ_CLOSED, SEE_DRAFTS, Role
from committee.models import Committee, committees_where
from reports.enums import (
    UNCHANGEABLE,
    UNFINISHED,
    ApprovalSide,
    DeliveryState,
    ReportKind,
    ReportState,
)

# Those who read a report as soon as nothing in it can change any more.
READ_FINISHED = READ_CLOSED | {Role.COUNCIL_READER}


def new_link_token() -> str:
    """The secret part of a recipient's own address."""
    return secrets.token_urlsafe(32)


class ReportPlan(models.Model):
    """When a committee reports: how often, to whom, and how long before the council meets."""

    committee = models.OneToOneField(
        Committee,
        on_delete=models.CASCADE,
        related_name="report_plan",
        verbose_name=_("committee"),
    )
    recipient_name = models.CharField(_("reports to"), max_length=150)
    starts_on = models.DateField(_("first period begins"))
    months = models.PositiveSmallIntegerField(_("months in a period"), default=3)
    # The council meets this many days after a period's end.
    meets_after_days = models.PositiveSmallIntegerField(_("days to the meeting"), default=28)
    deadline_days = models.PositiveSmallIntegerField(_("days for the agenda"), default=12)
    # The draft is ready this long before the deadline.
    draft_days = models.PositiveSmallIntegerField(_("days to write"), default=14)

    class Meta:
        verbose_name = _("plan for reports")
        verbose_name_plural = _("plans for reports")
        constraints = [
            models.CheckConstraint(
                condition=Q(months__in=[1, 2, 3, 4, 6, 12]), name="report_months_divide_a_year"
            )
        ]

    def __str__(self) -> str:
        return f"{self.committee_id}"


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, user: Any) -> "ReportQuerySet":
        """Drafts for those who make them, finished ones for the committee and its council
        readers, and for everybody those that were sent and marked as public."""
        return self.filter(
            Q(committee__in=committees_where(user, SEE_DRAFTS))
            | Q(committee__in=committees_where(user, READ_FINISHED), state__in=UNCHANGEABLE)
            | Q(state=ReportState.SENT, is_public=True, committee__is_public=True)
        )

    def unfinished(self) -> "ReportQuerySet":
        return self.filter(state__in=UNFINISHED)

    def finished(self) -> "ReportQuerySet":
        return self.filter(state__in=UNCHANGEABLE)


class Report(models.Model):
    """A report over a period. The row is the lock of all that hangs on it.

    `content` is what page and PDF are drawn from. Once `frozen_at` is set, the database refuses
    every change of it (a trigger).
    """

    committee = models.ForeignKey(
        Committee, on_delete=models.PROTECT, related_name="reports", verbose_name=_("committee")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=ReportKind, default=ReportKind.STATUS)
    number = models.PositiveIntegerField(_("number"))
    state = models.CharField(
        _("status"), max_length=20, choices=ReportState, default=ReportState.DRAFT, db_index=True
    )
    recipient_name = models.CharField(_("reports to"), max_length=150)
    period_from = models.DateField(_("period from"))
    period_to = models.DateField(_("period to"))
    due_on = models.DateField(_("to be sent by"), null=True, blank=True)
    meets_on = models.DateField(_("treated at the meeting on"), null=True, blank=True)
    previous = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="next_ones"
    )

    # What people write; `version` counts the saves (see ReportRevision).
    headline = models.CharField(_("headline"), max_length=200, blank=True)
    foreword = models.TextField(_("foreword"), blank=True)
    requests = models.TextField(_("what the committee asks for"), blank=True)
    # Section key → comment. No section is left out; one may say something about it.
    comments = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=0)

    content = models.JSONField(default=dict, blank=True)
    # Of the canonical JSON of `content`; whoever approves, approves this.
    sha256 = models.CharField(max_length=64, blank=True)
    gathered_at = models.DateTimeField(_("figures of"), null=True, blank=True)
    # Counts how often it went to approval: an approval holds for its own round only.
    approval_round = models.PositiveIntegerField(default=0)
    frozen_at = models.DateTimeField(_("frozen"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    is_public = models.BooleanField(_("public"), default=False)

    created_at = models.DateTimeField(default=timezone.now)
    # Empty when the clock began it.
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["-period_to", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "kind", "number"], name="one_report_per_number"
            ),
            models.CheckConstraint(
                condition=Q(period_to__gte=F("period_from")), name="report_period_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=ReportKind.values), name="report_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=ReportState.values), name="report_state_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=UNCHANGEABLE) | (Q(frozen_at__isnull=False) & ~Q(sha256="")),
                name="a_frozen_report_has_its_hash",
            ),
            models.CheckConstraint(
                condition=~Q(state=ReportState.SENT) | Q(sent_at__isnull=False),
                name="a_sent_report_says_when",
            ),
        ]

    def __str__(self) -> str:
        # Not the headline: the administration shows this of drafts, too.
        return f"{self.get_kind_display()} {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("reports:report_page", args=[self.pk])

    @property
    def is_frozen(self) -> bool:
        return self.frozen_at is not None

    @property
    def is_unfinished(self) -> bool:
        return self.state in UNFINISHED

    def is_late(self, on: date | None = None) -> bool:
        """Not sent when it should have been."""
        today = on or timezone.localdate()
        return self.state != ReportState.SENT and self.due_on is not None and self.due_on < today


class ReportRevision(models.Model):
    """What was written in a report at one save. Append-only."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    # Field key → text.
    texts = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["report", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "number"], name="one_report_revision_per_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.number}"


class ReportApproval(models.Model):
    """One side's approval of exactly one content. Append-only: another content is another hash."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="approvals")
    side = models.CharField(max_length=20, choices=ApprovalSide)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    approval_round = models.PositiveIntegerField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("approval of a report")
        verbose_name_plural = _("approvals of reports")
        ordering = ["report", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "approval_round", "sha256", "side"],
                name="one_report_approval_per_side",
            ),
            models.UniqueConstraint(
                fields=["report", "approval_round", "sha256", "person"],
                name="two_persons_approve_a_report",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.side}"


class ReportRecipient(models.Model):
    """Somebody a report is sent to; need not be a user of the system."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="recipients")
    name = models.CharField(_("name"), max_length=150)
    email = models.EmailField(_("e-mail"))
    # The address of the report that only this recipient has.
    token = models.CharField(max_length=43, unique=True, default=new_link_token)
    opened_at = models.DateTimeField(null=True, blank=True)
    # Taken off the list: no mail, and the personal link no longer answers.
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("recipient of a report")
        verbose_name_plural = _("recipients of reports")
        ordering = ["report", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "email"],
                condition=Q(removed_at__isnull=True),
                name="one_recipient_per_address",
            )
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.pk}"


class ReportDelivery(models.Model):
    """One mail to one recipient, and what the mail server said."""

    recipient = models.ForeignKey(
        ReportRecipient, on_delete=models.CASCADE, related_name="deliveries"
    )
    number = models.PositiveIntegerField()
    # The address it went to: the recipient's may have been corrected since.
    email = models.EmailField()
    state = models.CharField(max_length=20, choices=DeliveryState, default=DeliveryState.QUEUED)
    asked_at = models.DateTimeField(default=timezone.now)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)
    # The server's own words when it did not take the mail, or what came back.
    words = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("delivery of a report")
        verbose_name_plural = _("deliveries of reports")
        ordering = ["recipient", "number"]
        constraints = [
            models.UniqueConstraint(fields=["recipient", "number"], name="one_delivery_per_number"),
            models.CheckConstraint(
                condition=Q(state__in=DeliveryState.values), name="delivery_state_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recipient_id} {self.number}"
