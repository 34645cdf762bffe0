from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from meetings.models.items import AgendaItem
from meetings.models.meeting import Meeting


class Presence(models.Model):
    """One stay of a member in the meeting: from when to when they were in the room."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="presences")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    came_at = models.DateTimeField(_("came"))
    left_at = models.DateTimeField(_("left"), null=True, blank=True)

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presences")
        ordering = ["meeting", "came_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "member"],
                condition=Q(left_at__isnull=True),
                name="one_open_presence_per_meeting_and_member",
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(left_at__gte=F("came_at")),
                name="presence_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.member_id} {self.came_at:%H.%M}"


class Sitting(models.Model):
    """The time in which one item was on the table; an item can be taken up again."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="sittings")
    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="sittings")
    began_at = models.DateTimeField(_("taken up"))
    ended_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("sitting")
        verbose_name_plural = _("sittings")
        ordering = ["meeting", "began_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting"],
                condition=Q(ended_at__isnull=True),
                name="one_item_on_the_table_per_meeting",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("began_at")),
                name="sitting_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.began_at:%H.%M}"
