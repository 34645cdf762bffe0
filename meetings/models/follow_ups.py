from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Case, Q, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committee.enums import READ_CLOSED, SEE_DRAFTS, Role
from committee.models import Committee, committees_where, roles_of
from meetings.enums import Access, FollowUpNoteKind, FollowUpState
from meetings.models.items import AgendaItem
from meetings.models.people import disqualified_items


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    def visible_to(self, user: Any) -> "FollowUpQuerySet":
        """Those of the items `user` reads in full; outside the members, only one's own.

        A closed item's follow-ups are as closed as the item, also for their owner. What was
        handed to another body is also for that body's secretariat, and nobody else there.
        """
        readers = Q(item__meeting__committee__in=committees_where(user, READ_CLOSED))
        prepares = Q(item__meeting__committee__in=committees_where(user, SEE_DRAFTS))
        mine = Q(owner=getattr(user, "pk", None), item__meeting__committee__in=list(roles_of(user)))
        out = Q(item__released=True) | mine | prepares
        closed = readers & ~Q(item__in=disqualified_items(user))
        level = (Q(item__access=Access.OPEN) & (readers | mine)) | closed
        taken_over = Q(handed_to__in=committees_where(user, {Role.SECRETARIAT}))
        taken_over &= Q(item__access=Access.OPEN) | ~Q(item__in=disqualified_items(user))
        return self.filter((out & level) | taken_over, item__removed_at__isnull=True)

    def overdue(self, today: date | None = None) -> "FollowUpQuerySet":
        return self.filter(state=FollowUpState.OPEN, due_on__lt=today or timezone.localdate())

    def most_urgent_first(self, today: date | None = None) -> "FollowUpQuerySet":
        """Overdue, then open by date, then what is closed, newest first."""
        late = Q(due_on__lt=today or timezone.localdate())
        rank = Case(
            When(Q(state=FollowUpState.OPEN) & late, then=Value(0)),
            When(state=FollowUpState.OPEN, then=Value(1)),
            default=Value(2),
        )
        return self.annotate(rank=rank).order_by("rank", "due_on", "pk")


class FollowUp(models.Model):
    """What somebody is to do after an item: what, who, by when, and how far it is."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="follow_ups")
    text = models.TextField(_("what is to be done"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="follow_ups"
    )
    owner_unit = models.CharField(_("unit"), max_length=150, blank=True)
    due_on = models.DateField(_("due"))
    state = models.CharField(max_length=10, choices=FollowUpState, default=FollowUpState.OPEN)
    drop_reason = models.CharField(_("reason"), max_length=500, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    # The body whose secretariat sees to it now, when it is not the meeting's own any more.
    handed_to = models.ForeignKey(
        Committee, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(owner__isnull=False, owner_unit="")
                | (Q(owner__isnull=True) & ~Q(owner_unit="")),
                name="a_follow_up_has_one_owner",
            ),
            models.CheckConstraint(
                condition=Q(state__in=FollowUpState.values), name="follow_up_state_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=FollowUpState.DROPPED) | ~Q(drop_reason=""),
                name="a_dropped_follow_up_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("meetings:follow_up_page", args=[self.pk])

    @property
    def body_id(self) -> int:
        """The body that sees to it."""
        return int(self.handed_to_id or self.item.meeting.committee_id)

    @property
    def owner_name(self) -> str:
        return self.owner.name if self.owner else self.owner_unit

    @property
    def is_overdue(self) -> bool:
        return self.state == FollowUpState.OPEN and self.due_on < timezone.localdate()


class FollowUpNote(models.Model):
    """A line of the history; append-only by trigger, so that nobody loses a text."""

    follow_up = models.ForeignKey(FollowUp, on_delete=models.PROTECT, related_name="notes")
    kind = models.CharField(
        max_length=10, choices=FollowUpNoteKind, default=FollowUpNoteKind.PROGRESS
    )
    text = models.TextField(blank=True)
    written_at = models.DateTimeField(default=timezone.now)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.follow_up_id} {self.kind}"
