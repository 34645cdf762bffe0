from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from committee.enums import DeliverableStatus, SeatKind
from committee.models.bodies import Committee, CouncilDecision

if TYPE_CHECKING:
    from committee.rules import RuleSet


class TermsOfReference(models.Model):
    """One version of a committee's kommissorium."""

    committee = models.ForeignKey(
        Committee,
        on_delete=models.CASCADE,
        related_name="terms",
        verbose_name=_("committee"),
    )
    version = models.PositiveSmallIntegerField(_("version"))
    adopted_on = models.DateField(_("adopted on"))
    adopted_by = models.ForeignKey(
        CouncilDecision, null=True, blank=True, on_delete=models.PROTECT, related_name="terms"
    )

    class Meta:
        verbose_name = _("terms of reference")
        verbose_name_plural = _("terms of reference")
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["committee", "version"], name="one_terms_per_version")
        ]

    def __str__(self) -> str:
        return f"{self.committee}, {self.version}"


class TermsSection(models.Model):
    terms = models.ForeignKey(TermsOfReference, on_delete=models.CASCADE, related_name="sections")
    position = models.PositiveSmallIntegerField(_("order"))
    heading = models.CharField(_("heading"), max_length=150)
    text = models.TextField(_("text"))

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["terms", "position"], name="terms_sections_in_order")
        ]

    def __str__(self) -> str:
        return self.heading


class Deliverable(models.Model):
    """A task the kommissorium sets, with where it stands."""

    terms = models.ForeignKey(
        TermsOfReference, on_delete=models.CASCADE, related_name="deliverables"
    )
    position = models.PositiveSmallIntegerField(_("order"))
    title = models.CharField(_("title"), max_length=150)
    description = models.TextField(_("description"), blank=True)
    status = models.CharField(
        _("status"),
        max_length=20,
        choices=DeliverableStatus,
        default=DeliverableStatus.NOT_STARTED,
    )
    due_on = models.DateField(_("due"), null=True, blank=True)

    class Meta:
        verbose_name = _("deliverable")
        verbose_name_plural = _("deliverables")
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=DeliverableStatus.values), name="deliverable_status_is_known"
            )
        ]

    def __str__(self) -> str:
        return self.title


class DeliverableEvidence(models.Model):
    """Where one can see that a deliverable moved: a link to the item or document."""

    deliverable = models.ForeignKey(Deliverable, on_delete=models.CASCADE, related_name="evidence")
    title = models.CharField(_("title"), max_length=200)
    url = models.CharField(_("address"), max_length=500)
    on = models.DateField(_("date"))

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["on"]

    def __str__(self) -> str:
        return self.title


class SeatGroup(models.Model):
    """Seats of one sort: how many at least and at most, and who may sit there.

    A group with children is a total ("10 citizens") that its parts add up to.
    """

    terms = models.ForeignKey(
        TermsOfReference, on_delete=models.CASCADE, related_name="seat_groups"
    )
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="parts"
    )
    position = models.PositiveSmallIntegerField(_("order"))
    kind = models.CharField(_("kind"), max_length=20, choices=SeatKind)
    name = models.CharField(_("name"), max_length=200)
    short_name = models.CharField(
        _("short name"),
        max_length=80,
        help_text=_("Completes the sentence “1 member is missing …”, e.g. “under 30”."),
    )
    minimum = models.PositiveSmallIntegerField(_("at least"))
    maximum = models.PositiveSmallIntegerField(_("at most"))
    # Reviews of ethics need at least one from such a group.
    brings_ethics = models.BooleanField(_("works with ethics"), default=False)

    class Meta:
        verbose_name = _("seat group")
        verbose_name_plural = _("seat groups")
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(
                condition=Q(maximum__gte=F("minimum")), name="seat_group_maximum_not_below_minimum"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=SeatKind.values), name="seat_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RuleProfile(models.Model):
    """The rules the body works under from a given day. The rules themselves are content."""

    terms = models.ForeignKey(
        TermsOfReference, on_delete=models.CASCADE, related_name="rule_profiles"
    )
    label = models.CharField(_("label"), max_length=20)
    rules_ref = models.CharField(_("rules"), max_length=60)
    valid_from = models.DateField(_("from"))
    adopted = models.CharField(_("adopted"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("rule profile")
        verbose_name_plural = _("rule profiles")
        ordering = ["-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["terms", "label"], name="one_rule_profile_per_label")
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def rules(self) -> "RuleSet":
        """The rules as data. Raises `KeyError` when the content file is gone."""
        from committee.rules import RULES

        return RULES.by_reference(self.rules_ref)
