from datetime import date

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committee.enums import BodyKind

COLOUR = RegexValidator(
    r"^#[0-9a-fA-F]{6}$", _("Write the colour as # and six digits, e.g. #0b4f5c.")
)


class Municipality(models.Model):
    """Name, colour and logo, in one place for pages, PDFs and charts."""

    name = models.CharField(_("name"), max_length=100)
    colour = models.CharField(_("colour"), max_length=7, default="#0b4f5c", validators=[COLOUR])
    logo = models.FileField(_("logo"), upload_to="logo/", blank=True)
    contact_email = models.EmailField(_("e-mail of the secretariat"), blank=True)
    contact_phone = models.CharField(_("phone of the secretariat"), max_length=30, blank=True)
    was_url = models.URLField(_("accessibility statement"), blank=True)

    class Meta:
        verbose_name = _("municipality")
        verbose_name_plural = _("municipalities")

    def __str__(self) -> str:
        return self.name

    @property
    def logo_url(self) -> str:
        """The page that serves the logo, or nothing when there is none."""
        return reverse("committee:municipality_logo", args=[self.pk]) if self.logo else ""

    @property
    def contact_url(self) -> str:
        """How to write to the secretariat, or nothing when no address is known."""
        return f"mailto:{self.contact_email}" if self.contact_email else ""


class CommitteeQuerySet(models.QuerySet["Committee"]):
    def visible_to(self, user: object) -> "CommitteeQuerySet":
        """Public bodies for everybody; others for those who belong to them."""
        from committee.models.people import roles_of

        return self.filter(Q(is_public=True) | Q(pk__in=list(roles_of(user))))


class Committee(models.Model):
    """A body with a mandate from–to."""

    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, verbose_name=_("municipality")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=BodyKind, default=BodyKind.TASK)
    slug = models.SlugField(_("address"), unique=True)
    name = models.CharField(_("name"), max_length=100)
    full_name = models.CharField(_("full name"), max_length=200)
    question = models.CharField(
        _("headline question"), max_length=200, blank=True, help_text=_("Shown to citizens.")
    )
    summary = models.TextField(_("in brief"), blank=True)
    parent = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
        verbose_name=_("belongs under"),
    )
    predecessor = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="successors",
        verbose_name=_("successor of"),
    )
    legal_basis = models.CharField(_("legal basis"), max_length=200, blank=True)
    mandate_from = models.DateField(_("mandate from"), null=True, blank=True)
    mandate_to = models.DateField(_("mandate to"), null=True, blank=True)
    revisit_on = models.DateField(_("re-visit"), null=True, blank=True)
    secretariat_unit = models.CharField(_("secretariat unit"), max_length=200, blank=True)
    section_template = models.CharField(_("section template"), max_length=60, default="gentofte@1")
    is_public = models.BooleanField(_("public"), default=True)

    objects = CommitteeQuerySet.as_manager()

    class Meta:
        verbose_name = _("committee")
        verbose_name_plural = _("committees")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(mandate_to__isnull=True) | Q(mandate_to__gte=F("mandate_from")),
                name="mandate_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=BodyKind.values), name="committee_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("committee:committee_page", args=[self.slug])

    def is_over(self, today: date | None = None) -> bool:
        """Has the mandate ended?"""
        return self.mandate_to is not None and self.mandate_to < (today or timezone.localdate())


class CouncilDecision(models.Model):
    """A decision of the council that the committee rests on."""

    committee = models.ForeignKey(
        Committee, on_delete=models.CASCADE, related_name="council_decisions"
    )
    decided_on = models.DateField(_("date"))
    item = models.CharField(_("item"), max_length=20, blank=True)
    title = models.CharField(_("title"), max_length=200)
    url = models.URLField(_("address"), blank=True)

    class Meta:
        verbose_name = _("council decision")
        verbose_name_plural = _("council decisions")
        ordering = ["decided_on"]

    def __str__(self) -> str:
        return self.title
