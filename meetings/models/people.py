from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meetings.enums import (
    AttendanceStatus,
    DisqualificationGround,
    DisqualificationSource,
    DisqualificationState,
)
from meetings.models.meeting import Meeting


class Attendance(models.Model):
    """A seated person's answer to the invitation, and whether they came."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendance")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(
        _("attendance"),
        max_length=20,
        choices=AttendanceStatus,
        default=AttendanceStatus.UNKNOWN,
    )
    # The member's own message with their answer; for the secretariat and the chair.
    note = models.CharField(_("note"), max_length=200, blank=True)
    # What the minutes say beside the name.
    remark = models.CharField(_("remark"), max_length=200, blank=True)
    # The membership with which somebody else fills the seat in this meeting.
    substitute = models.OneToOneField(
        "committee.Membership",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="stands_in",
        verbose_name=_("substitute"),
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendance")
        ordering = ["meeting", "member__name"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "member"], name="one_attendance_per_member"),
            models.CheckConstraint(
                condition=Q(status__in=AttendanceStatus.values), name="attendance_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(substitute__isnull=True) | Q(status=AttendanceStatus.SUBSTITUTE),
                name="only_a_substituted_seat_has_a_substitute",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.member_id} {self.status}"


class Disqualification(models.Model):
    """The case of whether a member is disqualified from an item; the body decides it.

    Kommunestyrelseslovens § 14; the grounds are those of forvaltningslovens § 3. While it is
    open (raised or upheld: `lifted_at` is empty) the member is kept from the item.
    """

    item = models.ForeignKey(
        "meetings.AgendaItem", on_delete=models.PROTECT, related_name="disqualifications"
    )
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="disqualifications"
    )
    source = models.CharField(
        _("who raised it"),
        max_length=10,
        choices=DisqualificationSource,
        default=DisqualificationSource.OWN,
    )
    state = models.CharField(
        _("state"),
        max_length=20,
        choices=DisqualificationState,
        default=DisqualificationState.RAISED,
    )
    ground = models.CharField(
        _("legal ground"), max_length=10, choices=DisqualificationGround, blank=True
    )
    grounds = models.CharField(_("grounds"), max_length=500)
    # The same matter on an earlier agenda.
    origin = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="heirs"
    )
    declared_at = models.DateTimeField(default=timezone.now)
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    settled_at = models.DateTimeField(_("decided"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    # Why the body's decision is written down only after the meeting.
    late_reason = models.CharField(_("why it comes later"), max_length=300, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("disqualification")
        verbose_name_plural = _("disqualifications")
        constraints = [
            models.UniqueConstraint(
                fields=["item", "member"],
                condition=Q(lifted_at__isnull=True),
                name="one_open_disqualification_per_item_and_member",
            ),
            models.CheckConstraint(
                condition=Q(source__in=DisqualificationSource.values),
                name="disqualification_source_is_known",
            ),
            models.CheckConstraint(
                condition=Q(ground="") | Q(ground__in=DisqualificationGround.values),
                name="disqualification_ground_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state="raised", settled_at__isnull=True, lifted_at__isnull=True)
                | Q(state="upheld", settled_at__isnull=False, lifted_at__isnull=True)
                | Q(state="dismissed", settled_at__isnull=False, lifted_at__isnull=False),
                name="disqualification_state_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.member_id}"

    @property
    def is_raised(self) -> bool:
        """Does it wait for the body's decision?"""
        return self.state == DisqualificationState.RAISED


class OutOfRoom(models.Model):
    """One time that a member was out of the room for an item; it can be taken up again."""

    case = models.ForeignKey(Disqualification, on_delete=models.PROTECT, related_name="times_out")
    left_at = models.DateTimeField(_("left the room"))
    returned_at = models.DateTimeField(_("came back"), null=True, blank=True)

    class Meta:
        verbose_name = _("out of the room")
        verbose_name_plural = _("out of the room")
        ordering = ["case", "left_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(returned_at__isnull=True),
                name="a_disqualified_member_is_out_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(returned_at__isnull=True) | Q(returned_at__gte=F("left_at")),
                name="out_of_the_room_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.left_at:%H.%M}"


def disqualified_items(user: Any) -> list[int]:
    """Ids of the items `user` is disqualified from now; one query per request."""
    if not getattr(user, "pk", None):
        return []
    # hasattr and not __dict__: the user of a request is a lazy proxy with a __dict__ of its own.
    if not hasattr(user, "disqualified_items"):
        rows = Disqualification.objects.filter(member=user.pk, lifted_at__isnull=True)
        user.disqualified_items = list(rows.values_list("item_id", flat=True))
    return list(user.disqualified_items)
