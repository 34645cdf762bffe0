from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committee.enums import READ_CLOSED, Role
from committee.models import committees_where
from core.models import StoredFile
from ethics.enums.conditions import (
    BINDING,
    UNSETTLED,
    WITH_OWNER,
    ConditionState,
    EventKind,
    Gate,
    Source,
)
from usecases.enums import PUBLIC, DecisionAccess
from usecases.models import UseCase
from usecases.models.cases import fully_readable_to
from usecases.models.handover import handed_on_by

# A condition that is later than this is an incident of its case.
TOO_LATE = timedelta(days=30)


def own_rows(user: Any) -> Q:
    """Conditions that are `user`'s to meet."""
    pk = getattr(user, "pk", None)
    if not pk:
        return Q(pk__in=[])
    scope = getattr(user, "role_scope", None)
    return Q(owner=pk) if scope is None else Q(owner=pk, case__committee__in=scope)


def own_cases(user: Any) -> Q:
    pk = getattr(user, "pk", None)
    if not pk:
        return Q(pk__in=[])
    scope = getattr(user, "role_scope", None)
    return Q(case__owner=pk) if scope is None else Q(case__owner=pk, case__committee__in=scope)


def _closed_readers(user: Any) -> Q:
    """Cases of which `user` reads what was decided closed; see `usecases.policies.reads_closed`."""
    bodies = committees_where(user, READ_CLOSED)
    prepares = committees_where(user, {Role.SECRETARIAT})
    here = Q(case__decided_in__isnull=True, case__committee__in=bodies)
    there = Q(case__decided_in__isnull=False) & (
        Q(case__decided_in__in=bodies) | Q(case__committee__in=prepares)
    )
    if not prepares:
        return here | there
    before = handed_on_by(prepares, drafts=True)
    return here | there | Q(case__decided_in__isnull=False, case__in=before)


class ConditionQuerySet(models.QuerySet["Condition"]):
    def visible_to(self, user: Any) -> "ConditionQuerySet":
        """Those that `user` reads with evidence and history.

        What was decided on a closed item is for those who read closed items, the owner of the
        use, and each condition's own owner.
        """
        full = Q(case__in=UseCase.objects.filter(fully_readable_to(user)).values("pk"))
        closed = ~Q(case__decision="") & Q(case__decision_access=DecisionAccess.CLOSED)
        readers = _closed_readers(user)
        return self.filter(full & (~closed | readers | own_cases(user) | own_rows(user)))

    def published(self) -> "ConditionQuerySet":
        """Those whose text everybody reads: they bind, and the decision is public and in force."""
        return self.filter(
            state__in=BINDING,
            case__status__in=PUBLIC,
            case__committee__is_public=True,
            case__decision_access=DecisionAccess.OPEN,
            case__decision_recorded_at__lte=F("case__status_since"),
        )

    def readable_by(self, user: Any) -> "ConditionQuerySet":
        """Those of which `user` may read the text."""
        return self.visible_to(user) | self.published()

    def of_user(self, user: Any) -> "ConditionQuerySet":
        return self.filter(own_rows(user))

    def overdue(self, today: date | None = None) -> "ConditionQuerySet":
        return self.filter(state__in=WITH_OWNER, due_on__lt=today or timezone.localdate())

    def most_urgent_first(self, today: date | None = None) -> "ConditionQuerySet":
        """Overdue, then what waits, by date; then what is proposed; then what is settled."""
        late = Q(state__in=WITH_OWNER, due_on__lt=today or timezone.localdate())
        rank = Case(
            When(late, then=Value(0)),
            When(state__in=UNSETTLED, then=Value(1)),
            When(state=ConditionState.PROPOSED, then=Value(2)),
            default=Value(3),
        )
        return self.annotate(rank=rank).order_by("rank", "due_on", "pk")


class Condition(models.Model):
    """What must be true before a use of AI goes on: who, by when, the evidence, and who saw it.

    Only `ethics.services.conditions` writes here.
    """

    case = models.ForeignKey(UseCase, on_delete=models.PROTECT, related_name="conditions")
    number = models.PositiveIntegerField(_("number"))
    text = models.TextField(_("condition"))
    gate = models.CharField(_("before"), max_length=10, choices=Gate)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="conditions"
    )
    due_on = models.DateField(_("due"))
    state = models.CharField(
        _("status"),
        max_length=12,
        choices=ConditionState,
        default=ConditionState.PROPOSED,
        db_index=True,
    )
    # Why it stands where it stands: why the evidence was turned down, taken back, or waived.
    reason = models.TextField(_("reason"), blank=True)
    source = models.CharField(max_length=10, choices=Source, default=Source.DECISION)
    # The flag or the question of the ethics review.
    source_ref = models.CharField(max_length=60, blank=True)
    reused_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="reused_in"
    )
    in_force_at = models.DateTimeField(null=True, blank=True)
    handed_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    handed_in_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    verified_at = models.DateTimeField(null=True, blank=True)
    # The decision that a waiver rests on, as the secretariat recorded it.
    waived_body = models.CharField(max_length=200, blank=True)
    waived_on = models.DateField(null=True, blank=True)
    # When the listeners were told that it is far too late; emptied with a new date.
    overdue_told_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = ConditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("condition")
        verbose_name_plural = _("conditions")
        ordering = ["case", "number"]
        indexes = [models.Index(fields=["state", "due_on"], name="condition_by_due")]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="one_condition_per_number"),
            models.CheckConstraint(
                condition=Q(state__in=ConditionState.values), name="condition_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(gate__in=Gate.values), name="condition_gate_is_known"
            ),
            models.CheckConstraint(
                condition=Q(verified_by__isnull=True)
                | (Q(handed_in_by__isnull=False) & ~Q(verified_by=F("handed_in_by"))),
                name="evidence_is_verified_by_another",
            ),
            models.CheckConstraint(
                condition=Q(verified_by__isnull=True) | ~Q(verified_by=F("owner")),
                name="no_owner_verifies_a_condition",
            ),
            models.CheckConstraint(
                condition=~Q(state=ConditionState.VERIFIED)
                | Q(verified_by__isnull=False, verified_at__isnull=False),
                name="what_is_verified_says_by_whom",
            ),
            models.CheckConstraint(
                condition=~Q(state=ConditionState.WAIVED)
                | (~Q(reason="") & ~Q(waived_body="") & Q(waived_on__isnull=False)),
                name="a_waiver_has_its_decision",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[ConditionState.PROPOSED, ConditionState.DROPPED])
                | Q(in_force_at__isnull=False),
                name="what_binds_was_put_in_force",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("ethics:condition_page", args=[self.case_id, self.number])

    @property
    def is_overdue(self) -> bool:
        return self.state in WITH_OWNER and self.due_on < timezone.localdate()

    @property
    def is_settled(self) -> bool:
        return self.state in (ConditionState.VERIFIED, ConditionState.WAIVED)

    @property
    def days_left(self) -> int:
        """Until it is due; negative afterwards."""
        return (self.due_on - timezone.localdate()).days


class ConditionEvidence(models.Model):
    """What an owner handed in at one time: words, a link, a file. Append-only."""

    condition = models.ForeignKey(Condition, on_delete=models.PROTECT, related_name="evidence")
    number = models.PositiveIntegerField()
    text = models.TextField(_("evidence"), blank=True)
    link = models.CharField(_("link"), max_length=500, blank=True)
    file = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["condition", "number"]
        constraints = [
            models.UniqueConstraint(fields=["condition", "number"], name="one_evidence_per_number"),
            models.CheckConstraint(
                condition=~Q(text="") | ~Q(link="") | Q(file__isnull=False),
                name="evidence_is_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.condition_id} {self.number}"


class ConditionEvent(models.Model):
    """A line of a condition's history. Append-only, so that nobody loses a text."""

    condition = models.ForeignKey(Condition, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=12, choices=EventKind)
    text = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)
    # Nobody: the system did it.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("line of a condition's history")
        verbose_name_plural = _("lines of a condition's history")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.condition_id} {self.kind}"
