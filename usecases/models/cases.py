import uuid
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from committee.enums import INSIDERS, Role
from committee.models import Committee, committees_where
from usecases.enums import (
    PUBLIC,
    TITLE_ONLY,
    Decision,
    DecisionAccess,
    EthicsOutcome,
    RiskTier,
    SimilarAnswer,
    Status,
)
from usecases.models.handover import handed_on_by
from usecases.record import CURRENT, municipalities, record


class UseCaseQuerySet(models.QuerySet["UseCase"]):
    def visible_to(self, user: Any) -> "UseCaseQuerySet":
        """Those whose existence (at least the title) `user` may know of."""
        return self.filter(readable_to(user) | Q(status__in=TITLE_ONLY, committee__is_public=True))

    def readable_by(self, user: Any) -> "UseCaseQuerySet":
        """Those of which `user` reads more than the title: all of it, or the public fields."""
        return self.filter(readable_to(user))

    def mine(self, user: Any) -> "UseCaseQuerySet":
        """Those that `user` has proposed or owns."""
        return self.filter(_own(user))


def _own(user: Any) -> Q:
    pk = getattr(user, "pk", None)
    if not pk:
        return Q(pk__in=[])
    own = Q(proposer=pk) | Q(owner=pk)
    # Who looks through another's eyes in one committee sees theirs of that committee.
    scope = getattr(user, "role_scope", None)
    return own if scope is None else own & Q(committee__in=scope)


def readable_to(user: Any) -> Q:
    """What one reads in full, and the public fields of what is public."""
    return fully_readable_to(user) | Q(status__in=PUBLIC, committee__is_public=True)


def fully_readable_to(user: Any) -> Q:
    """Own ones always; drafts for the secretariat; what was submitted for the committee.

    Who read a case in the body that had it before reads it still.
    """
    prepares, belongs = committees_where(user, {Role.SECRETARIAT}), committees_where(user, INSIDERS)
    drafts = Q(committee__in=prepares)
    inside = Q(submitted_at__isnull=False, committee__in=belongs)
    return _own(user) | drafts | inside | read_before(prepares, belongs)


def read_before(prepares: list[int], belongs: list[int]) -> Q:
    """Cases that went to another body, for those who read them in the earlier one."""
    if not belongs:
        return Q(pk__in=[])
    before = Q(pk__in=handed_on_by(belongs))
    return before | Q(pk__in=handed_on_by(prepares, drafts=True)) if prepares else before


class UseCase(models.Model):
    """A place where AI is, or could be, put to use: from an idea to retirement.

    What lists filter by and guards read stands in columns; the other fields of the record are
    in `answers`. Only `usecases.services` writes here.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # AI-2026-014; given when it is submitted.
    reference = models.CharField(_("number"), max_length=20, null=True, unique=True)
    committee = models.ForeignKey(
        Committee,
        verbose_name=_("committee"),
        on_delete=models.PROTECT,
        related_name="use_cases",
    )
    record_ref = models.CharField(max_length=60, default=CURRENT)
    status = models.CharField(
        _("status"), max_length=30, choices=Status, default=Status.DRAFT, db_index=True
    )
    status_reason = models.TextField(_("reason"), blank=True)
    status_since = models.DateTimeField(default=timezone.now)
    previous_status = models.CharField(max_length=30, choices=Status, blank=True)
    version = models.PositiveIntegerField(default=1)
    # Number of the newest frozen text; 0 before it is submitted.
    revision = models.PositiveIntegerField(default=0)

    # People. A citizen's proposal has no proposer who logs in; contact data is never public.
    proposer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="proposed_cases",
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="owned_cases",
    )
    contact_name = models.CharField(max_length=150, blank=True)
    contact_email = models.EmailField(blank=True)
    contact_phone = models.CharField(max_length=30, blank=True)

    # The record's fields that lists and guards read.
    title = models.CharField(_("title"), max_length=100)
    summary = models.TextField(blank=True)
    municipality = models.CharField(max_length=4, blank=True, db_index=True)
    field = models.CharField(max_length=30, blank=True, db_index=True)
    target_group = models.CharField(max_length=30, blank=True, db_index=True)
    pilot_start = models.DateField(null=True, blank=True)
    pilot_end = models.DateField(null=True, blank=True)
    rereview_on = models.DateField(null=True, blank=True)
    # The other fields of the record, by key.
    answers = models.JSONField(default=dict)

    # Similar cases, answered before submitting.
    similar_answer = models.CharField(max_length=10, choices=SimilarAnswer, blank=True)
    similar_note = models.TextField(blank=True)
    similar_shown = models.JSONField(default=list)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged"
    )

    # Facts that ethics and meetings tell, and the guards read.
    risk_tier = models.CharField(max_length=30, choices=RiskTier, blank=True, db_index=True)
    ruleset = models.CharField(max_length=60, blank=True)
    ethics_outcome = models.CharField(max_length=30, choices=EthicsOutcome, blank=True)
    ethics_on = models.DateField(null=True, blank=True)
    conditions_pilot_met = models.BooleanField(default=False)
    conditions_operation_met = models.BooleanField(default=False)
    obligations_pilot_met = models.BooleanField(default=False)
    obligations_operation_met = models.BooleanField(default=False)
    register_approved_at = models.DateTimeField(null=True, blank=True)
    register_approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    material_change = models.BooleanField(default=False)
    incident_closed = models.BooleanField(default=False)

    # The decision of the competent body, as the secretariat recorded it.
    decision = models.CharField(max_length=20, choices=Decision, blank=True)
    decision_recorded_at = models.DateTimeField(null=True, blank=True)
    decision_body = models.CharField(max_length=200, blank=True)
    decision_on = models.DateField(null=True, blank=True)
    decision_case_id = models.CharField(max_length=60, blank=True)
    decision_item = models.CharField(max_length=60, blank=True)
    # Where the decision can be read: the meeting's page, or the other body's minutes.
    decision_link = models.CharField(max_length=500, blank=True)
    decision_access = models.CharField(
        max_length=10, choices=DecisionAccess, default=DecisionAccess.OPEN
    )
    decision_ground = models.CharField(max_length=200, blank=True)
    decision_reasons = models.TextField(blank=True)
    decision_conditions = models.TextField(blank=True)
    decision_dissent = models.TextField(blank=True)
    decision_deviation = models.TextField(blank=True)
    decision_in_mandate = models.BooleanField(default=False)
    decision_revision = models.PositiveIntegerField(default=0)
    decision_expires = models.DateField(null=True, blank=True)
    # Has another body had it before?
    handed_on = models.BooleanField(default=False)
    # The body in which it was decided, when the case has gone to another since.
    decided_in = models.ForeignKey(
        Committee, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    revisit_on = models.DateField(null=True, blank=True)
    is_example = models.BooleanField(default=False)
    # Where an imported row comes from; empty for one's own.
    source = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(default=timezone.now, db_index=True)

    objects = UseCaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("use case")
        verbose_name_plural = _("use cases")
        ordering = ["-updated_at", "-pk"]
        indexes = [
            models.Index(fields=["committee", "status", "-updated_at"], name="usecase_by_status"),
            models.Index(fields=["-status_since", "-id"], name="usecase_by_change"),
            # Everything that the register's figures read: no row with its long texts is opened.
            models.Index(
                fields=[
                    *("status", "committee", "proposer", "owner", "submitted_at", "municipality"),
                    *("field", "target_group", "risk_tier", "status_since"),
                ],
                name="usecase_register",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=Status.values), name="usecase_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=[Status.DRAFT, Status.WITHDRAWN])
                | Q(submitted_at__isnull=False),
                name="what_is_no_draft_was_submitted",
            ),
            models.CheckConstraint(
                condition=Q(pilot_start__isnull=True)
                | Q(pilot_end__isnull=True)
                | Q(pilot_end__gte=models.F("pilot_start")),
                name="a_pilot_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        # Not the title: the administration shows this of drafts, too.
        return self.reference or f"{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("usecases:case_page", args=[self.pk])

    @property
    def ruleset_version(self) -> str:
        """The number of the rules that the risk tier was found with."""
        return self.ruleset.rpartition("@")[2]

    @property
    def number(self) -> str:
        """What people call it: AI-2026-014, or that it is a draft."""
        return self.reference or gettext("Draft")

    @property
    def municipality_name(self) -> str:
        return municipalities().get(self.municipality, "")

    @property
    def field_name(self) -> str:
        return record().by_key["field"].choices.get(self.field, "")

    @property
    def is_imported(self) -> bool:
        return bool(self.source)

    @property
    def is_from_citizen(self) -> bool:
        """Sent by the public form: no proposer who logs in, and nobody imported it."""
        return self.proposer_id is None and not self.source and not self.is_example

    @property
    def reported_on(self) -> date | None:
        """When those who have it told of it; known of imported rows only."""
        day = self.source.get("reported")
        return date.fromisoformat(day) if day else None

    def value(self, key: str) -> Any:
        """What is filled in for one field of the record, wherever it is kept."""
        known = record().by_key[key]
        found = getattr(self, key) if known.is_column else self.answers.get(key)
        if known.type == "date" and isinstance(found, str) and found:
            return date.fromisoformat(found)
        return found

    def is_filled(self, key: str) -> bool:
        return self.value(key) not in (None, "", [], False)
