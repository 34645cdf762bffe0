from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from committee.enums import ShelfKind
from committee.models.bodies import Committee


class ShelfDocument(models.Model):
    """Something the committee builds on and can cite: a plan, a compass, a survey."""

    committee = models.ForeignKey(
        Committee,
        on_delete=models.CASCADE,
        related_name="shelf",
        verbose_name=_("committee"),
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    kind = models.CharField(_("kind"), max_length=20, choices=ShelfKind, default=ShelfKind.OTHER)
    title = models.CharField(_("title"), max_length=200)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    summary = models.TextField(_("summary"), blank=True)
    url = models.URLField(_("address"), blank=True)

    class Meta:
        verbose_name = _("background document")
        verbose_name_plural = _("background documents")
        ordering = ["position", "title"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=ShelfKind.values), name="shelf_kind_is_known"
            )
        ]

    def __str__(self) -> str:
        return self.title


class ShelfFigure(models.Model):
    """A key figure of a survey, quotable with its question."""

    document = models.ForeignKey(ShelfDocument, on_delete=models.CASCADE, related_name="figures")
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    value = models.CharField(_("figure"), max_length=40)
    label = models.CharField(_("what it counts"), max_length=200)

    class Meta:
        verbose_name = _("key figure")
        verbose_name_plural = _("key figures")
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.value} {self.label}"
