"""Calendars: one meeting, a committee's public feed, one's own feed, and the page about them."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from committee.models import Committee
from core.canonical import sha256_hex
from core.htmx import go_to, render_page
from core.mailing import absolute
from core.once import once
from meetings.calendar import build_calendar
from meetings.models import Meeting
from meetings.selectors.calendars import owner_of, personal_feed, public_feed
from meetings.services.calendars import renew_calendar_address


@login_not_required
@require_safe
def calendar_page(request: HttpRequest) -> HttpResponse:
    """Where the calendars are and how to subscribe."""
    committees = Committee.objects.filter(is_public=True).order_by("name")
    feeds = [
        {"name": committee.name, "url": absolute(_public_path(committee))}
        for committee in committees
    ]
    context = {"feeds": feeds, "own": _own_address(request), "trail": _trail()}
    return render_page(request, "meetings/calendar_page.html", context)


def _public_path(committee: Committee) -> str:
    return reverse("meetings:calendar_public", args=[committee.slug])


def _own_address(request: HttpRequest) -> str:
    """The person's secret address; never shown to somebody who looks through their eyes."""
    user: Any = request.user
    if not user.is_authenticated or getattr(request, "view_as", None):
        return ""
    return absolute(reverse("meetings:calendar_personal", args=[user.calendar_token]))


def _trail() -> list[dict[str, str]]:
    return [
        {"label": _("Meetings"), "url": reverse("meetings:meeting_list")},
        {"label": _("Calendar"), "url": reverse("meetings:calendar_page")},
    ]


@require_POST
@once
def calendar_renew(request: HttpRequest) -> HttpResponse:
    """Make a new secret address."""
    renew_calendar_address(by=request.user)
    messages.success(
        request,
        _(
            "You have a new calendar address, and the old one no longer works. "
            "Put the new one into your calendar."
        ),
    )
    return go_to(request, reverse("meetings:calendar_page"))


@login_not_required
@require_safe
def calendar_public(request: HttpRequest, slug: str) -> HttpResponse:
    """A committee's meetings, as anybody may know them."""
    committee = get_object_or_404(Committee, slug=slug, is_public=True)
    return _feed(request, public_feed(committee), None, committee.name, f"{slug}.ics")


@login_not_required
@require_safe
def calendar_personal(request: HttpRequest, token: str) -> HttpResponse:
    """One person's meetings; the token is the key."""
    owner = owner_of(token)
    if owner is None:
        raise Http404
    return _feed(request, personal_feed(owner), owner, _("My meetings"), "mine-moeder.ics")


@login_not_required
@require_safe
def meeting_ics(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """One meeting, to put into a calendar."""
    meetings = Meeting.objects.visible_to(request.user)
    related = ("committee__municipality", "rule_profile")
    meeting = get_object_or_404(meetings.select_related(*related), pk=meeting_id)
    response = _feed(request, [meeting], request.user, "", f"moede-{meeting.number}.ics")
    response["Content-Disposition"] = f'attachment; filename="moede-{meeting.number}.ics"'
    return response


def _feed(
    request: HttpRequest, meetings: list[Meeting], user: Any, name: str, filename: str
) -> HttpResponse:
    """The calendar file, or 304 when the subscriber already has it."""
    data = build_calendar(meetings, user=user, name=name)
    response = HttpResponse(data, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{filename}"'
    # Ask every time: a meeting that is withdrawn must be gone at the next look.
    response["Cache-Control"] = "private, no-cache"
    response["ETag"] = quote_etag(sha256_hex(data))
    found = get_conditional_response(request, etag=response["ETag"], response=response)
    return cast(HttpResponse, found)
