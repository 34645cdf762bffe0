"""Pages about the body: what it is, where it stands, and seeing it through others' eyes."""

from pathlib import PurePath
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from committee import context, middleware, policies, selectors, services
from committee.forms import DeliverableForm
from committee.models import Committee, Municipality, User
from core.htmx import go_to, render_page
from core.once import once
from core.verdicts import Refused

LOGO_TYPES = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}


@login_not_required
@require_safe
def committee_home(request: HttpRequest) -> HttpResponse:
    """The page of the one committee there is or that was chosen; else a list."""
    committees = list(Committee.objects.visible_to(request.user).select_related("municipality"))
    chosen = context.SESSION_KEY in request.session or request.user.is_authenticated
    current = context.current_committee(request, committees)
    if current and (chosen or len(committees) == 1):
        return redirect(current)
    return render_page(request, "committee/committee_home.html", {"committees": committees})


@login_not_required
@require_safe
def committee_page(request: HttpRequest, slug: str) -> HttpResponse:
    version = request.GET.get("version", "")
    if version and not version.isdecimal():
        raise Http404
    page = selectors.committee_page(
        request.user,
        slug,
        version=int(version[:6]) if version else None,
        rules=request.GET.get("rules", ""),
    )
    if page is None:
        raise Http404
    request.committee_id = page.committee.pk  # type: ignore[attr-defined]
    return render_page(request, "committee/committee_page.html", {"page": page})


@login_not_required
@require_POST
def choose_committee(request: HttpRequest) -> HttpResponse:
    """The frame is about this committee until another is chosen."""
    visible = Committee.objects.visible_to(request.user)
    committee = get_object_or_404(visible, slug=request.POST.get("committee", ""))
    request.session[context.SESSION_KEY] = committee.pk
    return go_to(request, _safe_next(request) or committee.get_absolute_url())


@require_http_methods(["GET", "HEAD", "POST"])
@once
def deliverable_edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    visible = Committee.objects.visible_to(request.user)
    committee = get_object_or_404(visible, slug=slug)
    deliverable = selectors.current_deliverable(committee, pk)
    if deliverable is None:
        raise Http404
    policies.can_set_deliverable_status(request.user, deliverable).require()
    request.committee_id = committee.pk  # type: ignore[attr-defined]
    form = DeliverableForm(
        request.POST if request.method == "POST" else None, deliverable=deliverable
    )
    if form.is_valid():
        try:
            services.set_deliverable_status(
                deliverable=deliverable,
                status=form.cleaned_data["status"],
                evidence=form.evidence,
                by=request.user,
            )
        except Refused as refused:
            form.add_error(refused.field or None, str(refused.reason))
        else:
            messages.success(request, _("The status of the deliverable is saved."))
            return go_to(request, f"{committee.get_absolute_url()}#leverancer")
    return render_page(
        request,
        "committee/deliverable_edit.html",
        {"form": form, "committee": committee, "deliverable": deliverable},
        status=422 if form.errors else 200,
    )


# Vis som -----------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def view_as(request: HttpRequest) -> HttpResponse:
    """Whom one can see the pages as; POST with `who` begins, without it ends."""
    if request.method == "POST" and not request.POST.get("who"):
        request.session.pop(middleware.SESSION_KEY, None)
        return go_to(request, _safe_next(request) or "/")
    committee = _committee_to_view_as_in(request)
    if request.method == "POST":
        return _start_view_as(request, committee)
    request.committee_id = committee.pk  # type: ignore[attr-defined]
    facts = {"committee": committee, "lenses": selectors.lenses(committee)}
    return render_page(request, "committee/view_as.html", facts)


def _committee_to_view_as_in(request: HttpRequest) -> Committee:
    """The committee asked for, else the current one, else the first one one prepares."""
    mine = selectors.committees_to_view_as_in(request.user)
    asked = request.POST.get("committee") or request.GET.get("committee")
    if asked:
        visible = Committee.objects.visible_to(request.user)
        committee: Committee | None = get_object_or_404(visible, slug=asked)
    else:
        committee = context.current_committee(request, mine)
    policies.can_view_as(request.user, committee).require()
    assert committee is not None  # noqa: S101 - the policy refuses None
    return committee


def _start_view_as(request: HttpRequest, committee: Committee) -> HttpResponse:
    choice = {"who": request.POST["who"], "committee": committee.pk}
    lens = middleware.lens_for(request.user, choice)
    if lens is None:
        raise Http404
    person = lens if isinstance(lens, User) else None
    services.start_view_as(committee=committee, person=person, by=request.user)
    request.session[middleware.SESSION_KEY] = choice
    return go_to(request, _safe_next(request) or _first_page(committee, lens))


def _first_page(committee: Committee, lens: Any) -> str:
    """Where the person could begin: the committee's page, when they may see it."""
    sees_it = Committee.objects.visible_to(lens).filter(pk=committee.pk).exists()
    return committee.get_absolute_url() if sees_it else "/"


def _safe_next(request: HttpRequest) -> str:
    """The address to go back to, when it is on this site."""
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    return target if safe else ""


# The municipality's look ---------------------------------------------------------------------


@login_not_required
@require_safe
def municipality_logo(request: HttpRequest, pk: int) -> FileResponse:
    municipality = get_object_or_404(Municipality.objects.exclude(logo=""), pk=pk)
    name = str(municipality.logo.name)
    kind = LOGO_TYPES.get(PurePath(name).suffix.lower())
    if kind is None or not default_storage.exists(name):
        raise Http404
    return FileResponse(municipality.logo.open(), content_type=kind)
