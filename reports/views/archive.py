"""The archive: packages, the hand-over of a meeting, and retention."""

from typing import Any

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.htmx import go_to, render_page
from core.kept import take_kept_post
from core.models import StoredFile
from core.once import once
from core.responses import SANDBOX
from core.verdicts import NotAllowed, Refused, StaleState
from meetings.models import Meeting
from meetings.views.meetings import meeting_trail
from reports.forms.archive import PackageForm
from reports.models import ArchivePackage
from reports.policies import archive as policies
from reports.selectors import archive_pages as selectors
from reports.selectors.esdh import current_work, scope_of
from reports.selectors.retention import retention_page
from reports.services import archive, esdh

READ_OR_WRITE = ["GET", "HEAD", "POST"]


def trail(*steps: tuple[str, str]) -> list[dict[str, Any]]:
    rows = [(_("Archive"), reverse("reports:archive_list")), *steps]
    return [{"label": label, "url": url} for label, url in rows]


def get_package(request: HttpRequest, package_id: int) -> ArchivePackage:
    """The package, if this person may know of it, else 404."""
    return get_object_or_404(selectors.packages(request.user), pk=package_id)


@require_safe
def archive_list(request: HttpRequest) -> HttpResponse:
    policies.can_list(request.user).require()
    context = selectors.archive_list(request.user, request.GET.get("side", ""))
    context["trail"] = [{"label": _("Archive"), "url": ""}]
    return render_page(request, "reports/archive_list.html", context)


@require_http_methods(READ_OR_WRITE)
@once
def archive_new(request: HttpRequest) -> HttpResponse:
    """Choose body, period and edition."""
    policies.can_list(request.user).require()
    data = request.POST if request.method == "POST" else None
    bodies = selectors.bodies_to_pack(request.user)
    editions = selectors.editions_to_pack(request.user)
    begin = {"committee": bodies.first(), "edition": editions[0], **take_kept_post(request)}
    form = PackageForm(bodies, editions, data, initial=begin)
    if form.is_bound and form.is_valid():
        asked = form.attempt(lambda: archive.request_package(**form.cleaned_data, by=request.user))
        if asked is not None:
            return go_to(request, asked.get_absolute_url())
    context = {
        "form": form,
        "back": reverse("reports:archive_list"),
        "trail": trail((_("New package"), "")),
    }
    return render_page(request, "reports/archive_new.html", context, status=form.status)


@require_safe
def archive_page(request: HttpRequest, package_id: int) -> HttpResponse:
    package = get_package(request, package_id)
    context = selectors.archive_page(request.user, package)
    context["trail"] = trail((_("Package %(n)s") % {"n": package.pk}, ""))
    return render_page(request, "reports/archive_page.html", context)


@require_POST
@once
def archive_check(request: HttpRequest, package_id: int) -> HttpResponse:
    """Let the worker read the package through."""
    package = get_package(request, package_id)
    try:
        archive.ask_check(package=package, by=request.user)
    except Refused as refusal:
        raise StaleState(refusal.reason) from refusal
    return go_to(request, package.get_absolute_url())


@require_safe
def archive_file(request: HttpRequest, package_id: int) -> HttpResponse:
    """The ZIP, read from the store piece by piece."""
    package = get_package(request, package_id)
    policies.can_open(request.user, package).require()
    if package.work.file is None:
        raise Http404
    archive.record_reading(package=package, by=request.user)
    return _download(package.work.file)


def _download(file: StoredFile) -> HttpResponse:
    response = FileResponse(
        default_storage.open(file.path),
        as_attachment=True,
        filename=file.filename,
        content_type=file.media_type,
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cache-Control"] = "private, no-store"
    return response  # type: ignore[return-value]


# The hand-over of a meeting ---------------------------------------------------------------------


def get_own_meeting(request: HttpRequest, meeting_id: int) -> Meeting:
    """The meeting, else 404; those who may know of it and are no secretariat get a no."""
    rows = Meeting.objects.visible_to(request.user).select_related(
        "committee__municipality", "rule_profile"
    )
    meeting = get_object_or_404(rows, pk=meeting_id)
    request.committee_id = meeting.committee_id  # type: ignore[attr-defined]
    policies.can_hand_off(request.user, meeting).require()
    return meeting


@require_http_methods(READ_OR_WRITE)
@once
def hand_off_page(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """What the case system is given of the meeting; a post makes the folder."""
    meeting = get_own_meeting(request, meeting_id)
    if request.method == "POST":
        try:
            esdh.request_hand_off(meeting=meeting, by=request.user)
        except Refused as refusal:
            raise StaleState(refusal.reason) from refusal
        return go_to(request, reverse("reports:hand_off_page", args=[meeting.pk]))
    context = selectors.hand_off_page(request.user, meeting)
    context["trail"] = meeting_trail(meeting, _("Hand-over to the case system"))
    return render_page(request, "reports/hand_off_page.html", context)


@require_safe
def hand_off_file(request: HttpRequest, meeting_id: int) -> HttpResponse:
    meeting = get_own_meeting(request, meeting_id)
    work = current_work(meeting)
    if work is None or work.file is None:
        raise Http404
    if not policies.reads_all_of(request.user, scope_of(meeting).closed_items):
        raise NotAllowed(policies.DISQUALIFIED)
    esdh.record_reading(meeting=meeting, by=request.user)
    return _download(work.file)


# Retention ----------------------------------------------------------------------------------------


@require_safe
def retention(request: HttpRequest) -> HttpResponse:
    """The rules, what is due, and what was deleted."""
    policies.can_see_retention(request.user).require()
    context = retention_page(request.GET.get("side", ""))
    context["trail"] = trail((_("Retention"), ""))
    return render_page(request, "reports/retention.html", context)
