"""“Vis som”: the secretariat sees what somebody else would see, from the same rule."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from committee.enums import Role
from committee.models import Membership, User, committees_where
from core.verdicts import NotAllowed

SESSION_KEY = "view_as"
CITIZEN = "citizen"
# The only POSTs possible while looking through somebody's eyes.
STILL_POSSIBLE = frozenset({"committee:view_as", "account_logout", "set_language"})


class ViewAsMiddleware:
    """Replace `request.user` by the person looked through; `request.real_user` stays."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.real_user = request.user  # type: ignore[attr-defined]
        request.view_as = None  # type: ignore[attr-defined]
        choice = request.session.get(SESSION_KEY)
        lens = choice and lens_for(request.user, choice)
        if lens is not None and choice:
            request.user = lens
            request.view_as = choice  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        match = request.resolver_match
        if request.view_as is None or request.method in ("GET", "HEAD", "OPTIONS"):  # type: ignore[attr-defined]
            return None
        if match and match.view_name in STILL_POSSIBLE:
            return None
        raise NotAllowed(_("You are viewing as somebody else. Stop that before you change anything."))


def lens_for(real: Any, choice: dict[str, Any]) -> Any | None:
    """The person to see as, or None when `real` may not (any more) look through them.

    The person looked through keeps only the rights in that one committee.
    """
    committee_id = choice.get("committee")
    if committee_id not in committees_where(real, {Role.SECRETARIAT}):
        return None
    if choice.get("who") == CITIZEN:
        return AnonymousUser()
    person = (
        User.objects.filter(pk=choice.get("who"), is_active=True)
        .filter(memberships__in=Membership.objects.active().filter(committee_id=committee_id))
        .distinct()
        .first()
    )
    if person is not None:
        person.role_scope = frozenset({committee_id})
        person.is_staff = person.is_superuser = False
    return person
