import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from committee.enums import SEE_DRAFTS
from committee.models import Committee, RuleProfile, committees_where, roles_of
from meetings.enums import AGENDA_OUT, MeetingKind, MeetingState
from meetings.sections import SECTION_TEMPLATES, SectionTemplate


def new_uid() -> str:
    """The calendar identity of a meeting; it never changes."""
    return f"{uuid.uuid4()}@udvalgsrum"


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, user: Any) -> "MeetingQuerySet":
        """The meetings whose existence, date and place `user` may know.

        Secretariat and chair see drafts; everybody else sees what has been announced or issued,
        citizens only in public bodies. What each sees *inside* is
        `meetings.selectors.reading`'s business.
        """
        issued = Q(agenda_version__gt=0) | Q(minutes_version__gt=0)
        known = issued | Q(announced_at__isnull=False)
        mine = Q(committee__in=list(roles_of(user)))
        return self.filter(
            Q(committee__in=committees_where(user, SEE_DRAFTS))
            | (known & (mine | Q(committee__is_public=True)))
        )

    def upcoming(self, now: Any) -> "MeetingQuerySet":
        return self.filter(ends_at__gte=now).exclude(state=MeetingState.CANCELLED)


class Meeting(models.Model):
    """A meeting of a body. Its state changes through `meetings.services` only."""

    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="meetings")
    number = models.PositiveSmallIntegerField(_("number"))
    kind = models.CharField(
        _("kind"), max_length=20, choices=MeetingKind, default=MeetingKind.ORDINARY
    )
    title = models.CharField(_("title"), max_length=200)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    online_link = models.URLField(_("online link"), blank=True)
    state = models.CharField(
        _("state"), max_length=20, choices=MeetingState, default=MeetingState.DRAFT
    )
    rule_profile = models.ForeignKey(
        RuleProfile, on_delete=models.PROTECT, verbose_name=_("rule profile")
    )
    section_template = models.CharField(_("section template"), max_length=60)
    agenda_due = models.DateTimeField(_("agenda deadline"))
    material_due = models.DateTimeField(_("material deadline"))
    minutes_due = models.DateTimeField(_("minutes deadline"))
    announced_at = models.DateTimeField(_("date announced"), null=True, blank=True)
    agenda_approved_at = models.DateTimeField(null=True, blank=True)
    agenda_approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    # When it was really held, which may differ from the invitation.
    held_from = models.DateTimeField(_("began"), null=True, blank=True)
    held_to = models.DateTimeField(_("ended"), null=True, blank=True)
    # Opening step → when it was done.
    opening = models.JSONField(default=dict, blank=True)
    agenda_version = models.PositiveSmallIntegerField(default=0)
    minutes_version = models.PositiveSmallIntegerField(default=0)
    # The version of the minutes that citizens read while they are published.
    public_minutes = models.PositiveSmallIntegerField(default=0)
    # The version of the agenda that citizens read; members may have a newer one.
    public_agenda = models.PositiveSmallIntegerField(default=0)
    approval_due_at = models.DateTimeField(_("deadline of the approval"), null=True, blank=True)
    cancel_reason = models.CharField(_("reason"), max_length=300, blank=True)
    withdraw_reason = models.CharField(_("why it was withdrawn"), max_length=300, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    agenda_withdraw_reason = models.CharField(
        _("why the agenda was withdrawn"), max_length=300, blank=True
    )
    agenda_withdrawn_at = models.DateTimeField(null=True, blank=True)
    unplaced = models.TextField(_("not placed"), blank=True)
    ical_uid = models.CharField(max_length=80, unique=True, default=new_uid)
    ical_sequence = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(auto_now=True)
    version = models.PositiveIntegerField(default=1)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["starts_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "number"], name="one_meeting_per_number_and_committee"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="meeting_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(state__in=MeetingState.values), name="meeting_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=MeetingKind.values), name="meeting_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("meetings:meeting_agenda", args=[self.pk])

    @property
    def template(self) -> SectionTemplate:
        """The section template the meeting was set up with."""
        return SECTION_TEMPLATES.by_reference(self.section_template)

    @property
    def is_withdrawn(self) -> bool:
        """Were the minutes public, and taken back since?"""
        return self.withdrawn_at is not None and self.state != MeetingState.PUBLISHED

    @property
    def is_agenda_withdrawn(self) -> bool:
        """Was the agenda public, and taken back since?"""
        return self.agenda_withdrawn_at is not None and not self.public_agenda

    @property
    def is_taken_back(self) -> bool:
        """Is something missing from the public page that once stood there?"""
        agenda_is_read = self.state != MeetingState.PUBLISHED
        return self.is_withdrawn or (self.is_agenda_withdrawn and agenda_is_read)

    @property
    def has_unpublished_agenda(self) -> bool:
        """Do the members have an agenda that citizens do not read, though they are to?"""
        return (
            self.state in AGENDA_OUT - {MeetingState.PUBLISHED}
            and self.public_agenda < self.agenda_version
            and bool(self.rule_profile.rules["agenda_public_on_issue"])
        )

    @property
    def has_unpublished_addition(self) -> bool:
        """Do citizens read minutes to which something has been added since?"""
        return self.state == MeetingState.PUBLISHED and self.public_minutes < self.minutes_version

    @property
    def is_workshop(self) -> bool:
        return self.kind in (MeetingKind.THEME_DAY, MeetingKind.WORKSHOP)
