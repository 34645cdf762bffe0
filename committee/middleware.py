"""“Vis som”: the secretariat sees what somebody else would see, from the same rule."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from committee.enums import Role
from committee.models import Membership, User, committees_where
from core.errors import error_page

SESSION_KEY = "view_as"
CITIZEN = "citizen"
# Where one is always oneself: to stop, to log out, to change language.
ONESELF = frozenset({"committee:view_as", "account_logout", "set_language"})
READING = frozenset({"GET", "HEAD", "OPTIONS"})


class ViewAsMiddleware:
    """Replace `request.user` by the person looked through; `request.real_user` stays.

    Whatever is logged of such a request (a closed item that is read) is the real user's act.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.real_user = request.user  # type: ignore[attr-defined]
        request.view_as = None  # type: ignore[attr-defined]
        choice = request.session.get(SESSION_KEY)
        if choice and not _is_oneself(request):
            look_through(request, choice)
        response = self.get_response(request)
        if request.view_as:  # type: ignore[attr-defined]
            # Also when it is a citizen's page: it carries the banner and stays private.
            response.headers["Cache-Control"] = "no-store"
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if request.view_as is None or request.method in READING:  # type: ignore[attr-defined]
            return None
        reason = _("You are viewing as somebody else. Stop that before you change anything.")
        return error_page(request, 403, reason=reason)


def look_through(request: HttpRequest, choice: dict[str, Any]) -> None:
    """Put the person on the request; forget a choice that is no longer allowed."""
    lens = lens_for(request.user, choice)
    if lens is None:
        del request.session[SESSION_KEY]
        return
    request.user = lens
    request.view_as = choice  # type: ignore[attr-defined]


def _is_oneself(request: HttpRequest) -> bool:
    """Decided before the view is known, because the login check reads `request.user`."""
    try:
        return resolve(request.path_info).view_name in ONESELF
    except Resolver404:
        return False


def lens_for(real: Any, choice: dict[str, Any]) -> Any | None:
    """The person to see as, or None when `real` may not (any more) look through them.

    The person looked through keeps only the rights in that one committee.
    """
    committee_id, who = choice.get("committee"), str(choice.get("who"))
    if committee_id not in committees_where(real, {Role.SECRETARIAT}):
        return None
    if who == CITIZEN:
        return AnonymousUser()
    if not who.isdecimal():
        return None
    active = Membership.objects.active().filter(committee_id=committee_id)
    person = User.objects.filter(pk=int(who), is_active=True, memberships__in=active)
    found = person.distinct().first()
    if found is not None:
        found.role_scope = frozenset({int(str(committee_id))})
        found.is_staff = found.is_superuser = False
        found.is_looked_through = True
    return found
