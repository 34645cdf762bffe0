"""Who looks after personal data: everybody their own, administrators everybody's, but not alone."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.verdicts import YES, Verdict, no
from reports.models import ErasureRequest


def can_have_own(user: Any) -> Verdict:
    """One's own data; never by looking through somebody's eyes."""
    if not getattr(user, "is_active", False) or getattr(user, "is_looked_through", False):
        return no(_("Only the person themself sees this."))
    return YES


def can_administer(user: Any) -> Verdict:
    """Export for a person, and ask for an erasure."""
    if can_have_own(user) and getattr(user, "is_staff", False):
        return YES
    return no(_("Only administrators look after personal data."))


def is_erased(person: Any) -> bool:
    return ErasureRequest.objects.filter(person=person, confirmed_at__isnull=False).exists()


def can_ask_erasure(user: Any, person: Any) -> Verdict:
    verdict = can_administer(user)
    if not verdict:
        return verdict
    if user.pk == person.pk:
        return no(_("You cannot erase yourself. Ask another administrator."))
    if is_erased(person):
        return no(_("This person's data have been erased."))
    return YES


def can_confirm_erasure(user: Any, request: ErasureRequest) -> Verdict:
    """A second administrator, who is not the person either."""
    verdict = can_ask_erasure(user, request.person)
    if not verdict:
        return verdict
    if user.pk == request.asked_by_id:
        return no(_("Another administrator than the one who asked must confirm the erasure."))
    return YES
