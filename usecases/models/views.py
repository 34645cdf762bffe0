import secrets
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

LONGEST_NAME = 60
LONGEST_QUERY = 2000


def new_token() -> str:
    return secrets.token_urlsafe(12)


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def of(self, user: Any) -> "SavedViewQuerySet":
        """Those that `user` has saved; personal, so nobody's who looks through another's eyes."""
        if not getattr(user, "pk", None) or getattr(user, "is_looked_through", False):
            return self.none()
        return self.filter(owner=user.pk)

    def visible_to(self, user: Any) -> "SavedViewQuerySet":
        """One's own, and those that others have chosen to share by their link."""
        if not getattr(user, "pk", None):
            return self.none()
        shared = Q(is_shared=True)
        if getattr(user, "is_looked_through", False):
            return self.filter(shared)
        return self.filter(Q(owner=user.pk) | shared)


class SavedView(models.Model):
    """A question to the register that somebody asks again: a name and filters, never rows.

    Whoever opens it gets the answer that they themselves may read.
    """

    # Not a number: a shared link must not be guessed from another.
    token = models.CharField(max_length=24, primary_key=True, default=new_token, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views"
    )
    name = models.CharField(_("name"), max_length=LONGEST_NAME)
    # As `usecases.filters` writes it: the same filters are always the same text.
    query = models.CharField(max_length=LONGEST_QUERY, blank=True)
    is_shared = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["name", "token"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="one_view_per_name"),
        ]

    def __str__(self) -> str:
        return self.token

    def get_absolute_url(self) -> str:
        return reverse("usecases:view_open", args=[self.token])

    @property
    def list_url(self) -> str:
        """The register as the view has it."""
        return f"{reverse('usecases:case_list')}?{self.query}"
