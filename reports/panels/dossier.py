"""The way to the dossier, beside the case."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from usecases import hooks
from usecases.hooks import Line, Panel
from usecases.policies import reading_level


@hooks.on(hooks.panels)
def dossier_panel(user: Any, case: Any) -> Panel | None:
    """For everybody who logs in and reads more than the title."""
    if not getattr(user, "is_authenticated", False):
        return None
    if reading_level(user, case) not in ("full", "public"):
        return None
    url = reverse("reports:dossier_page", args=[case.pk])
    return Panel(
        "dossier", _("Case dossier"), (Line(_("Everything on the case in one file"), url),)
    )
