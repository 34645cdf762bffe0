from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committee.enums import READ_CLOSED, SEE_DRAFTS
from committee.models import committees_where
from core.models import StoredFile
from meetings.enums import Access, ItemKind, Outcome
from meetings.models.meeting import Meeting
from meetings.models.people import disqualified_items


class AgendaItemQuerySet(models.QuerySet["AgendaItem"]):
    def on_agenda(self) -> "AgendaItemQuerySet":
        """Those not taken off, in order."""
        return self.filter(removed_at__isnull=True).order_by("position")

    def visible_to(self, user: Any) -> "AgendaItemQuerySet":
        """The items whose heading (at least the public one) `user` may see."""
        return self.filter(
            Q(meeting__committee__in=committees_where(user, SEE_DRAFTS))
            | Q(released=True, meeting__in=Meeting.objects.visible_to(user)),
            removed_at__isnull=True,
        )


class AgendaItem(models.Model):
    """An item on the agenda of one meeting. Its id and address never change.

    Its number is its place on the agenda. A closed item has a public heading and, once
    decided, a public decision text beside the internal ones.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="items")
    position = models.IntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=20, choices=ItemKind, default=ItemKind.DECISION)
    title = models.CharField(_("heading"), max_length=200)
    public_title = models.CharField(_("public heading"), max_length=200, blank=True)
    access = models.CharField(_("access"), max_length=10, choices=Access, default=Access.OPEN)
    closing_ground = models.CharField(_("legal ground"), max_length=200, blank=True)
    closing_reason = models.CharField(_("reason"), max_length=500, blank=True)
    case_id = models.CharField(_("case id"), max_length=40, blank=True)
    presenter = models.CharField(_("presenter"), max_length=150, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    # In the agenda or minutes that readers have now.
    released = models.BooleanField(default=False)
    removed_at = models.DateTimeField(null=True, blank=True)
    # Where the item comes from: one that was postponed, or a follow-up that is overdue.
    carried_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="carried_to"
    )
    from_follow_up = models.ForeignKey(
        "meetings.FollowUp", null=True, blank=True, on_delete=models.PROTECT, related_name="raised"
    )
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(auto_now=True)

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda items")
        ordering = ["meeting", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "position"],
                condition=Q(removed_at__isnull=True),
                name="one_item_per_place_on_the_agenda",
            ),
            # One that was taken off again may be carried anew.
            models.UniqueConstraint(
                fields=["carried_from"],
                condition=Q(removed_at__isnull=True),
                name="an_item_is_carried_once",
            ),
            models.UniqueConstraint(
                fields=["from_follow_up"],
                condition=Q(removed_at__isnull=True),
                name="a_follow_up_is_raised_once",
            ),
            models.CheckConstraint(
                condition=Q(access=Access.OPEN)
                | (Q(access=Access.CLOSED) & ~Q(closing_ground="") & ~Q(closing_reason="")),
                name="closed_item_has_ground_and_reason",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=ItemKind.values), name="item_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=Outcome.values), name="item_outcome_is_known"
            ),
        ]

    def __str__(self) -> str:
        """The heading that anybody may see; logs and admin use this."""
        return f"{self.position}. {self.public_heading}"

    def get_absolute_url(self) -> str:
        return reverse("meetings:item_page", args=[self.meeting_id, self.pk])

    @property
    def is_closed(self) -> bool:
        return self.access == Access.CLOSED

    @property
    def public_heading(self) -> str:
        return self.public_title if self.is_closed else self.title


class ItemText(models.Model):
    """The current text of one section of an item (or of its decision)."""

    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="texts")
    key = models.CharField(max_length=40)
    text = models.TextField(blank=True)
    # The heading an import found, when it differs from the template's.
    heading = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(null=True)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "key"], name="one_text_per_item_and_section")
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.key} v{self.version}"


class ItemTextRevision(models.Model):
    """Every saved state of a text; append-only by trigger."""

    item_text = models.ForeignKey(ItemText, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    saved_at = models.DateTimeField(default=timezone.now)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["item_text", "number"], name="one_revision_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.item_text_id} v{self.number}"


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def attached(self) -> "AttachmentQuerySet":
        """Those not taken off, in order."""
        return self.filter(removed_at__isnull=True).order_by("item__position", "position")

    def visible_to(self, user: Any) -> "AttachmentQuerySet":
        """The attachments whose bytes `user` may have."""
        drafts = committees_where(user, SEE_DRAFTS)
        readers = committees_where(user, READ_CLOSED)
        reachable = Q(item__meeting__committee__in=drafts) | Q(
            released=True, item__released=True, item__meeting__in=Meeting.objects.visible_to(user)
        )
        level = Q(access=Access.OPEN) | (
            Q(item__meeting__committee__in=readers) & ~Q(item__in=disqualified_items(user))
        )
        return self.filter(
            reachable & level, removed_at__isnull=True, item__removed_at__isnull=True
        )


class Attachment(models.Model):
    """A file on an item, with a level of its own."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="attachments")
    position = models.PositiveSmallIntegerField(_("order"))
    title = models.CharField(_("title"), max_length=200)
    access = models.CharField(_("access"), max_length=10, choices=Access, default=Access.OPEN)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    pages = models.PositiveIntegerField(_("pages"), null=True, blank=True)
    text = models.TextField(blank=True)
    released = models.BooleanField(default=False)
    removed_at = models.DateTimeField(null=True, blank=True)
    added_at = models.DateTimeField(auto_now_add=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["item", "position"]
        constraints = [
            models.CheckConstraint(
                condition=Q(access__in=Access.values), name="attachment_access_is_known"
            ),
            models.CheckConstraint(condition=Q(position__gt=0), name="attachment_has_a_place"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("meetings:attachment_file", args=[self.item.meeting_id, self.pk])
