"""Guidelines in versions and sections, what members want changed in them, and dilemmas."""

import json
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committee.enums import INSIDERS
from committee.models import Committee, committees_where
from ethics.enums.guidelines import AmendmentState, DilemmaState, Side, VersionState


class DecisionReference(models.Model):
    """Where something was decided, in words: this app does not know of meetings."""

    meeting = models.CharField(_("meeting"), max_length=200, blank=True)
    item = models.CharField(_("item"), max_length=60, blank=True)
    decided_on = models.DateField(_("date"), null=True, blank=True)
    link = models.CharField(_("link"), max_length=500, blank=True)

    class Meta:
        abstract = True


class GuidelineQuerySet(models.QuerySet["Guideline"]):
    def visible_to(self, user: Any) -> "GuidelineQuerySet":
        """One's own bodies' guidelines; of public bodies those that have been adopted."""
        adopted = GuidelineEdition.objects.filter(version__guideline=OuterRef("pk"))
        return self.filter(
            Q(committee__in=committees_where(user, INSIDERS))
            | Q(Exists(adopted), committee__is_public=True)
        )


class Guideline(models.Model):
    """A text of a committee that has versions. The row is the lock of all that hangs on it."""

    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="guidelines")
    slug = models.SlugField(_("address"), unique=True)
    title = models.CharField(_("title"), max_length=120)
    created_at = models.DateTimeField(default=timezone.now)

    objects = GuidelineQuerySet.as_manager()

    class Meta:
        verbose_name = _("guideline")
        verbose_name_plural = _("guidelines")
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        return reverse("ethics:guideline_page", args=[self.slug])

    @property
    def work_url(self) -> str:
        return reverse("ethics:guideline_work", args=[self.slug])


class GuidelineVersion(models.Model):
    """A version: worked on in its sections, then frozen as an edition."""

    guideline = models.ForeignKey(
        Guideline, verbose_name=_("guideline"), on_delete=models.PROTECT, related_name="versions"
    )
    number = models.PositiveIntegerField(_("version"))
    state = models.CharField(
        _("status"), max_length=20, choices=VersionState, default=VersionState.DRAFT
    )
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("version of a guideline")
        verbose_name_plural = _("versions of guidelines")
        ordering = ["guideline", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["guideline", "number"], name="one_guideline_version_per_number"
            ),
            models.UniqueConstraint(
                fields=["guideline"], condition=Q(state="draft"), name="one_draft_per_guideline"
            ),
            models.UniqueConstraint(
                fields=["guideline"],
                condition=Q(state="adopted"),
                name="one_adopted_version_per_guideline",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.guideline_id} {self.number}"


class GuidelineEdition(DecisionReference):
    """The adopted text as canonical JSON with its hash, and where it was adopted. Append-only."""

    version = models.OneToOneField(
        GuidelineVersion, on_delete=models.PROTECT, related_name="edition"
    )
    body = models.TextField()
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("edition of a guideline")
        verbose_name_plural = _("editions of guidelines")

    def __str__(self) -> str:
        return f"{self.version_id}"

    @property
    def content(self) -> dict[str, Any]:
        """What was frozen. A fresh copy each time."""
        data: dict[str, Any] = json.loads(self.body)
        return data


class GuidelineSection(models.Model):
    """A section of a version. Its number follows it through all versions and is never reused."""

    version = models.ForeignKey(GuidelineVersion, on_delete=models.PROTECT, related_name="sections")
    number = models.PositiveIntegerField()
    heading = models.CharField(_("heading"), max_length=120)
    text = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=1)
    removed = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("section of a guideline")
        verbose_name_plural = _("sections of guidelines")
        ordering = ["version", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "number"], name="one_guideline_section_per_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.number}"


class SectionRevision(models.Model):
    """What a section said at one save. Append-only."""

    section = models.ForeignKey(
        GuidelineSection, on_delete=models.PROTECT, related_name="revisions"
    )
    number = models.PositiveIntegerField()
    heading = models.CharField(max_length=120)
    text = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["section", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["section", "number"], name="one_section_revision_per_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.section_id} {self.number}"


class AmendmentQuerySet(models.QuerySet["Amendment"]):
    def visible_to(self, user: Any) -> "AmendmentQuerySet":
        """Those of one's own bodies."""
        return self.filter(guideline__committee__in=committees_where(user, INSIDERS))

    def unanswered(self) -> "AmendmentQuerySet":
        return self.filter(state=AmendmentState.OPEN)


class Amendment(DecisionReference):
    """A member's wish to change the text of one section, and what became of it."""

    guideline = models.ForeignKey(Guideline, on_delete=models.PROTECT, related_name="amendments")
    section_number = models.PositiveIntegerField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    reason = models.TextField(_("reason"))
    state = models.CharField(max_length=20, choices=AmendmentState, default=AmendmentState.OPEN)
    # How many texts it has had: a new one each time it is put on a newer text.
    texts_count = models.PositiveIntegerField(default=1)
    answer = models.TextField(_("answer"), blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    into = models.ForeignKey(
        GuidelineVersion,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="amendments",
    )

    objects = AmendmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("amendment")
        verbose_name_plural = _("amendments")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "declined"])
                | (Q(decided_on__isnull=False, answered_by__isnull=False) & ~Q(meeting="")),
                name="an_answered_amendment_says_where",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(answer=""),
                name="a_declined_amendment_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("ethics:amendment_page", args=[self.pk])


class AmendmentText(models.Model):
    """The text an amendment wants, and the text it was written on. Append-only."""

    amendment = models.ForeignKey(Amendment, on_delete=models.PROTECT, related_name="texts")
    number = models.PositiveIntegerField()
    base = models.TextField(blank=True)
    text = models.TextField()
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["amendment", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["amendment", "number"], name="one_amendment_text_per_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.amendment_id} {self.number}"


class DilemmaQuerySet(models.QuerySet["Dilemma"]):
    def visible_to(self, user: Any) -> "DilemmaQuerySet":
        """One's own bodies' dilemmas; of public bodies those that are published."""
        return self.filter(
            Q(committee__in=committees_where(user, INSIDERS))
            | Q(published__isnull=False, committee__is_public=True)
        )


class Dilemma(models.Model):
    """A situation with good arguments on both sides."""

    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="dilemmas")
    title = models.CharField(_("title"), max_length=120)
    situation = models.TextField(_("situation"))
    state = models.CharField(max_length=20, choices=DilemmaState, default=DilemmaState.OPEN)
    # Where the committee stands, once it is settled.
    stance = models.TextField(_("stance"), blank=True)
    guideline = models.ForeignKey(
        Guideline, null=True, blank=True, on_delete=models.PROTECT, related_name="dilemmas"
    )
    section_number = models.PositiveIntegerField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    # What citizens read of it now; nothing when it is not published.
    published = models.ForeignKey(
        "DilemmaPublication", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = DilemmaQuerySet.as_manager()

    class Meta:
        verbose_name = _("dilemma")
        verbose_name_plural = _("dilemmas")
        ordering = ["title", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(guideline__isnull=True, section_number__isnull=True)
                | Q(guideline__isnull=False, section_number__isnull=False),
                name="a_dilemma_points_at_a_section",
            ),
            models.CheckConstraint(
                condition=~Q(state="settled") | ~Q(stance=""), name="a_settled_dilemma_says_how"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("ethics:dilemma_page", args=[self.pk])


class Argument(models.Model):
    """An argument on one side, and where it comes from. Append-only."""

    dilemma = models.ForeignKey(Dilemma, on_delete=models.PROTECT, related_name="arguments")
    side = models.CharField(max_length=10, choices=Side)
    text = models.TextField(_("argument"))
    # The workshop it was made at, when it is not the author's own.
    source = models.CharField(_("comes from"), max_length=200, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("argument")
        verbose_name_plural = _("arguments")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.dilemma_id} {self.side}"


class DilemmaPublication(models.Model):
    """What was published of a dilemma: canonical JSON and its hash. Append-only."""

    dilemma = models.ForeignKey(Dilemma, on_delete=models.PROTECT, related_name="publications")
    body = models.TextField()
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("publication of a dilemma")
        verbose_name_plural = _("publications of dilemmas")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.dilemma_id} {self.pk}"

    @property
    def content(self) -> dict[str, Any]:
        data: dict[str, Any] = json.loads(self.body)
        return data
