"""Personal data: one's own, and for administrators everybody's."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from committee.models import User
from core.htmx import go_to, render_page
from core.once import once
from core.verdicts import Refused
from reports.policies import personal_data as policies
from reports.selectors import personal_data as selectors
from reports.services import personal_data as services

READ_OR_WRITE = ["GET", "HEAD", "POST"]
SORTS = {"json": services.JSON, "pdf": services.PDF}


def trail(*steps: tuple[Any, str]) -> list[dict[str, Any]]:
    rows = [(_("Personal data"), reverse("reports:people_page")), *steps]
    return [{"label": label, "url": url} for label, url in rows]


@require_safe
def people_page(request: HttpRequest) -> HttpResponse:
    """Everybody, and the erasures that wait for a second administrator."""
    policies.can_administer(request.user).require()
    context = selectors.people_page(request.GET.get("q", "")[:100]) | {"trail": trail()}
    return render_page(request, "reports/people_page.html", context)


@require_http_methods(READ_OR_WRITE)
@once
def own_data(request: HttpRequest) -> HttpResponse:
    """What there is about oneself; a POST asks for it as a file."""
    policies.can_have_own(request.user).require()
    person = get_object_or_404(User, pk=request.user.pk or 0)
    if sort := SORTS.get(request.POST.get("sort", "")):
        return _export(request, person, sort)
    context = {
        "person": person,
        "groups": selectors.by_reason(selectors.fates_of(person, own=True)),
        "trail": [{"label": _("My data"), "url": ""}],
    }
    return render_page(request, "reports/own_data.html", context)


@require_http_methods(READ_OR_WRITE)
@once
def person_page(request: HttpRequest, person_id: int) -> HttpResponse:
    """How much there is about somebody; a POST asks for it as a file."""
    policies.can_administer(request.user).require()
    person = get_object_or_404(User, pk=person_id)
    if sort := SORTS.get(request.POST.get("sort", "")):
        return _export(request, person, sort)
    context = {
        "person": person,
        "groups": selectors.by_reason(selectors.fates_of(person, own=False)),
        "erased": policies.is_erased(person),
        "request_open": selectors.open_request(person),
        "can_ask": policies.can_ask_erasure(request.user, person),
        "trail": trail((person.name, "")),
    }
    return render_page(request, "reports/person_page.html", context)


def _export(request: HttpRequest, person: User, kind: str) -> HttpResponse:
    work = services.request_export(person=person, kind=kind, by=request.user)
    return go_to(request, reverse("core:work_page", args=[work.pk]))


@require_http_methods(READ_OR_WRITE)
@once
def person_erase(request: HttpRequest, person_id: int) -> HttpResponse:
    """What an erasure would do; asked for by one administrator, confirmed by another."""
    policies.can_administer(request.user).require()
    person = get_object_or_404(User, pk=person_id)
    refusal = ""
    if request.method == "POST":
        try:
            _settle(request, person)
        except Refused as refused:
            refusal = str(refused.reason)
        else:
            return go_to(request, reverse("reports:person_page", args=[person.pk]))
    row = selectors.open_request(person)
    context = selectors.preview(person) | {
        "row": row,
        "refusal": refusal,
        "can_ask": policies.can_ask_erasure(request.user, person),
        "can_confirm": policies.can_confirm_erasure(request.user, row) if row else None,
        "page": reverse("reports:person_page", args=[person.pk]),
        "trail": trail(
            (person.name, reverse("reports:person_page", args=[person.pk])), (_("Erase"), "")
        ),
    }
    status = 422 if refusal else 200
    return render_page(request, "reports/person_erase.html", context, status=status)


def _settle(request: HttpRequest, person: User) -> None:
    act, row = request.POST.get("act", ""), selectors.open_request(person)
    if act == "confirm" and row is not None:
        services.confirm_erasure(request=row, by=request.user)
        messages.success(request, _("The data have been erased. The record is as it was."))
    elif act == "drop" and row is not None:
        services.drop_erasure(request=row, by=request.user)
        messages.success(request, _("Nothing is erased."))
    else:
        services.ask_erasure(
            person=person,
            keeps_name=request.POST.get("keeps_name") == "1",
            seen=request.POST.get("seen", "")[:64],
            by=request.user,
        )
        messages.success(request, _("Another administrator must confirm the erasure."))
