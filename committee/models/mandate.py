"""What becomes of a body's work: looked at again after some years, and handed to the next body."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committee.enums import HandedKind, RevisitOutcome
from committee.models.bodies import Committee

PERSON = settings.AUTH_USER_MODEL


class Revisit(models.Model):
    """The work of a body, looked at again as its kommissorium says. Append-only."""

    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="revisits")
    due_on = models.DateField(_("due"))
    held_on = models.DateField(_("held on"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=RevisitOutcome)
    text = models.TextField(_("what was found"))
    decided_by = models.CharField(_("decided by"), max_length=200)
    evidence_title = models.CharField(_("what can one see?"), max_length=200, blank=True)
    evidence_url = models.CharField(_("link"), max_length=500, blank=True)
    # When it is looked at the next time; nothing when this was the last.
    next_on = models.DateField(_("next re-visit"), null=True, blank=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("re-visit")
        verbose_name_plural = _("re-visits")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["committee", "due_on"], name="one_revisit_per_due_day"),
            models.CheckConstraint(
                condition=Q(outcome__in=RevisitOutcome.values), name="revisit_outcome_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.committee_id} {self.due_on}"


class HandOver(models.Model):
    """A body gave its open work to the body that comes after it. Append-only."""

    giver = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="handed_on")
    receiver = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="taken_over")
    # Where it was decided: a reference, e.g. to the council's minutes.
    decision = models.CharField(_("decision"), max_length=200)
    note = models.TextField(_("note"), blank=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("hand-over")
        verbose_name_plural = _("hand-overs")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(giver=F("receiver")), name="no_body_hands_over_to_itself"
            )
        ]

    def __str__(self) -> str:
        return f"{self.giver_id} > {self.receiver_id}"

    def get_absolute_url(self) -> str:
        return reverse("reports:hand_over_page", args=[self.giver.slug, self.pk])


class HandOverRow(models.Model):
    """One thing of a hand-over, and how it stood: ids and states, never texts. Append-only."""

    hand_over = models.ForeignKey(HandOver, on_delete=models.PROTECT, related_name="rows")
    kind = models.CharField(max_length=12, choices=HandedKind)
    object_id = models.PositiveBigIntegerField()
    # Which duty of the case; empty for everything else.
    code = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=40)
    # Why it stayed; empty for what went along.
    left_out = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("row of a hand-over")
        verbose_name_plural = _("rows of hand-overs")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["hand_over", "kind", "object_id", "code"], name="handed_over_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=HandedKind.values), name="handed_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hand_over_id} {self.kind} {self.object_id}"
