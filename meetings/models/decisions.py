from typing import Any

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committee.enums import READ_CLOSED
from committee.models import Committee, committees_where, roles_of
from meetings.enums import Access, MeetingState, Outcome
from meetings.models.items import AgendaItem
from meetings.models.meeting import Meeting
from meetings.models.people import disqualified_items
from meetings.models.versions import IssuedVersion


class Decision(models.Model):
    """What a body decided on one item, under a number that never changes. Append-only by trigger.

    The row holds no words: they stand in the sealed versions, one `DecisionText` for each.
    """

    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="decisions")
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="decisions")
    item = models.OneToOneField(AgendaItem, on_delete=models.PROTECT, related_name="numbered")
    # Of the meeting, whenever its minutes were locked.
    year = models.PositiveSmallIntegerField(_("year"))
    serial = models.PositiveIntegerField(_("number"))
    given_at = models.DateTimeField(_("numbered"), default=timezone.now)

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["committee", "year", "serial"]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "year", "serial"], name="one_decision_per_number"
            ),
            models.CheckConstraint(condition=Q(serial__gt=0), name="decisions_begin_with_one"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("meetings:decision_page", args=[self.pk])

    @property
    def number(self) -> str:
        """What people call it: B-2026-014."""
        return f"B-{self.year}-{self.serial:03d}"


class DecisionTextQuerySet(models.QuerySet["DecisionText"]):
    def visible_to(self, user: Any) -> "DecisionTextQuerySet":
        """One text for each decision that `user` may know of.

        Those who belong to the committee read the newest that was sealed, everybody else what is
        published in public bodies now. What each sees *inside* is for `selectors.decisions`.
        """
        same = DecisionText.objects.filter(decision=OuterRef("decision")).order_by("-number")
        newest = Q(number=Subquery(same.values("number")[:1]))
        mine = Q(decision__committee__in=list(roles_of(user)))
        published = Q(
            decision__committee__is_public=True,
            decision__meeting__state=MeetingState.PUBLISHED,
            number=F("decision__meeting__public_minutes"),
        )
        return self.filter((mine & newest) | (~mine & published))

    def fully_read_by(self, user: Any) -> "DecisionTextQuerySet":
        """Those of which `user` reads more than the public face: open, or closed and one's own."""
        return self.filter(read_in_full(user))


def read_in_full(user: Any) -> Q:
    """What has been closed since it was sealed is closed, too."""
    opened = Q(access=Access.OPEN, decision__item__access=Access.OPEN)
    readers = Q(decision__committee__in=committees_where(user, READ_CLOSED))
    return opened | (readers & ~Q(decision__item__in=disqualified_items(user)))


class DecisionText(models.Model):
    """A decision as one sealed version of the minutes has it. Append-only by trigger.

    Copied from the sealed record and never from the live texts, so that a list can be searched.
    """

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="texts")
    version = models.ForeignKey(IssuedVersion, on_delete=models.PROTECT, related_name="decided")
    number = models.PositiveSmallIntegerField(_("version"))
    access = models.CharField(_("access"), max_length=10, choices=Access)
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome, blank=True)
    has_dissent = models.BooleanField(default=False)
    case_id = models.CharField(_("case id"), max_length=40, blank=True)
    # In small letters, for searching: everything, and what citizens read of a closed item.
    words = models.TextField(blank=True)
    public_words = models.TextField(blank=True)
    # The item of the sealed record, and the additions to the minutes.
    body = models.JSONField()

    objects = DecisionTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("text of a decision")
        verbose_name_plural = _("texts of decisions")
        ordering = ["decision", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "number"], name="one_decision_text_per_version"
            ),
            models.CheckConstraint(
                condition=Q(access__in=Access.values), name="decision_access_is_known"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=Outcome.values), name="decision_outcome_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision_id} v{self.number}"
