from typing import Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committee.enums import Role
from committee.models import Committee, User, committees_where
from core.models import Work
from meetings.enums import Edition


class ArchivePackageQuerySet(models.QuerySet["ArchivePackage"]):
    def visible_to(self, user: Any) -> "ArchivePackageQuerySet":
        """Those of the bodies one is secretary of; administrators know of all of them.

        To know of a package is not to open it: see `reports.policies.archive`.
        """
        if getattr(user, "is_staff", False) and user.is_active:
            return self.all()
        return self.filter(committee__in=committees_where(user, {Role.SECRETARIAT}))


class ArchivePackage(models.Model):
    """What a body has done in a period, packed for the archive. The file hangs on the work.

    `sha256` is of the whole file, `holds` says which rows are in it: what is archived may be
    deleted, and only that (`reports.services.retention`).
    """

    committee = models.ForeignKey(
        Committee,
        on_delete=models.PROTECT,
        related_name="archive_packages",
        verbose_name=_("committee"),
    )
    edition = models.CharField(_("edition"), max_length=10, choices=Edition)
    period_from = models.DateField(_("from"))
    period_to = models.DateField(_("to"))
    work = models.OneToOneField(Work, on_delete=models.PROTECT, related_name="archive_package")
    # The newest row of the protocol that the package reaches to.
    audit_seq = models.PositiveBigIntegerField(default=0)
    # Model → ids.
    holds = models.JSONField(default=dict)
    # Ids of the closed items of which the package holds more than the public heading.
    closed_items = models.JSONField(default=list)
    asked_at = models.DateTimeField(_("requested"), default=timezone.now)
    asked_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(_("Checked"), null=True, blank=True)
    is_valid = models.BooleanField(null=True)
    # What did not fit when it was read last: name inside the package, and why.
    faults = models.JSONField(default=list)

    objects = ArchivePackageQuerySet.as_manager()

    class Meta:
        verbose_name = _("archive package")
        verbose_name_plural = _("archive packages")
        ordering = ["committee", "-period_to", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(edition__in=Edition.values), name="archive_edition_is_known"
            ),
            models.CheckConstraint(
                condition=Q(period_to__gte=F("period_from")),
                name="archive_period_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.committee_id} {self.edition} {self.period_from}–{self.period_to}"

    def get_absolute_url(self) -> str:
        return reverse("reports:archive_page", args=[self.pk])

    @property
    def is_made(self) -> bool:
        return self.work.file_id is not None

    @property
    def is_full(self) -> bool:
        return self.edition == Edition.FULL


class RetentionLog(models.Model):
    """One batch of rows that a rule of retention deleted. Append-only by trigger."""

    rule = models.CharField(_("rule"), max_length=120)
    model = models.CharField(_("kind of data"), max_length=80)
    count = models.PositiveIntegerField(_("how many"))
    ids = models.JSONField(default=list)
    package = models.ForeignKey(
        ArchivePackage,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("archive package"),
    )
    at = models.DateTimeField(_("time"), default=timezone.now)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("deletion by retention")
        verbose_name_plural = _("deletions by retention")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.rule} {self.model} {self.count}"
