"""What the frame of every page shows: whose it is, where one can go, who one is."""

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from committee.enums import Role
from committee.models import Committee, Municipality, committees_where, roles_of

SESSION_KEY = "committee"
DECISIONS = "meetings:decision"


@dataclass
class Frame:
    """The frame's facts; templates read nothing else for it."""

    municipality: Municipality
    committee: Committee | None
    committees: list[Committee]
    user_label: str
    view_as: dict[str, str] | None
    nav: list[dict[str, Any]] = field(default_factory=list)
    user_menu: list[dict[str, str]] = field(default_factory=list)
    base: str = "base.html"

    @property
    def palette_version(self) -> str:
        """The colour, as the stylesheet's address carries it."""
        return self.municipality.colour.removeprefix("#").lower()


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor; costs nothing on answers that draw no frame."""
    return {"frame": SimpleLazyObject(lambda: build_frame(request))}


def build_frame(request: HttpRequest) -> Frame:
    user = getattr(request, "user", None)
    committees = list(
        Committee.objects.visible_to(user).select_related("municipality").order_by("name")
    )
    current = current_committee(request, committees)
    municipality = current.municipality if current else Municipality.objects.order_by("pk").first()
    return Frame(
        municipality=municipality or Municipality(name="Udvalgsrum"),
        committee=current,
        committees=committees,
        user_label=str(user) if user and user.is_authenticated else "",
        view_as=view_as_banner(request),
        nav=navigation(request),
        user_menu=user_menu(request),
        # Those who log in work in it all day; citizens read.
        base="base.html" if user and user.is_authenticated else "base_public.html",
    )


def current_committee(request: HttpRequest, committees: list[Committee]) -> Committee | None:
    """The committee the page is about, else the chosen one, else the first of one's own."""
    by_id = {committee.pk: committee for committee in committees}
    own = sorted(roles_of(getattr(request, "user", None)))
    session = getattr(request, "session", {})
    for pk in (getattr(request, "committee_id", None), session.get(SESSION_KEY), *own):
        if pk in by_id:
            return by_id[pk]
    return committees[0] if committees else None


def view_as_banner(request: HttpRequest) -> dict[str, str] | None:
    if not getattr(request, "view_as", None):
        return None
    who = str(request.user) if request.user.is_authenticated else _("citizen")
    return {"label": who, "stop_url": reverse("committee:view_as")}


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """One navigation per role: those who log in begin with what waits for them."""
    user = getattr(request, "user", None)
    here = request.resolver_match.view_name if request.resolver_match else ""
    entries = [
        ("meetings:meeting_list", _("Meetings"), "meetings:"),
        ("meetings:decision_list", _("Decisions"), DECISIONS),
        ("usecases:case_list", _("Proposals"), "usecases:"),
        ("ethics:guideline_list", _("Ethics"), "ethics:"),
        ("reports:report_list", _("Reports"), "reports:report"),
        ("committee:committee_home", _("Committee"), "committee:"),
    ]
    if user is not None and user.is_authenticated:
        entries[3] = ("ethics:review_list", _("Ethics"), "ethics:")
        entries.insert(0, ("portal:my_work", _("My work"), "portal:my_work"))
    if user is not None and getattr(user, "is_staff", False):
        entries.append(("admin:index", _("Administration"), "admin:"))
    return [
        {"label": label, "url": reverse(name), "current": _is_below(here, prefix)}
        for name, label, prefix in entries
    ]


def _is_below(here: str, prefix: str) -> bool:
    """The register of decisions is a page of the meetings with an entry of its own."""
    return here.startswith(prefix) and (prefix == DECISIONS or not here.startswith(DECISIONS))


def user_menu(request: HttpRequest) -> list[dict[str, str]]:
    """What the menu under one's own name offers beside logging out."""
    user = getattr(request, "user", None)
    entries = []
    if committees_where(user, {Role.SECRETARIAT}):
        entries.append({"label": _("View as"), "url": reverse("committee:view_as")})
    if committees_where(user, {Role.SECRETARIAT}) or getattr(user, "is_staff", False):
        entries.append({"label": _("Archive"), "url": reverse("reports:archive_list")})
    if user is not None and user.is_authenticated and not getattr(request, "view_as", None):
        if getattr(user, "is_staff", False):
            url = reverse("reports:people_page")
            entries.append({"label": _("Personal data"), "url": url})
        url = reverse("reports:own_data")
        entries.append({"label": _("My data"), "url": url})
        url = reverse("account_change_password")
        entries.append({"label": _("Change the password"), "url": url})
    return entries
