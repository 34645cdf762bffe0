"""Who may have the dossier of a case made."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.verdicts import YES, Verdict, no
from usecases.models import UseCase
from usecases.policies import reading_level


def can_ask(user: Any, case: UseCase) -> Verdict:
    """Everybody who logs in and reads more than the title gets what they read."""
    if not getattr(user, "is_active", False) or getattr(user, "is_looked_through", False):
        return no(_("You are viewing as somebody else. Stop that before you change anything."))
    if reading_level(user, case) in ("full", "public"):
        return YES
    return no(_("The proposal is under assessment. You can read more when it has been decided."))
