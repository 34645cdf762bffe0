"""Check what becomes public, ask for it, approve it, take it back."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from core.htmx import go_to, render_page
from core.once import once
from core.verdicts import Refused
from meetings import policies
from meetings.enums import VersionKind
from meetings.forms.meetings import ReasonForm
from meetings.models import Meeting
from meetings.selectors.publication import Finding, coming_reading
from meetings.selectors.publication_page import publish_page
from meetings.services.publication import (
    ask_publication,
    publish_agenda,
    publish_minutes,
    resolve_findings,
    withdraw_agenda,
    withdraw_minutes,
)
from meetings.views.fetch import get_working_meeting
from meetings.views.meetings import meeting_trail

REASON = "reason-"
ACTS: dict[str, dict[str, str]] = {
    VersionKind.AGENDA: {
        "publish": "meetings:agenda_publish",
        "ask": "meetings:agenda_publish_ask",
        "findings": "meetings:agenda_findings",
    },
    VersionKind.MINUTES: {
        "publish": "meetings:meeting_publish",
        "ask": "meetings:meeting_publish_ask",
        "findings": "meetings:meeting_findings",
    },
}


@once
def meeting_publish(
    request: HttpRequest, meeting_id: int, kind: str = VersionKind.MINUTES
) -> HttpResponse:
    """Check exactly what will become public, then publish it (or approve that it is)."""
    meeting = get_working_meeting(request, meeting_id)
    _require_something(meeting, kind)
    if request.method == "POST":
        try:
            said = _publish(meeting, kind, request.user)
        except Refused as refusal:
            return _page(request, meeting, kind, 422, refused=str(refusal.reason))
        messages.success(request, said)
        return go_to(request, meeting.get_absolute_url())
    return _page(request, meeting, kind)


def _require_something(meeting: Meeting, kind: str) -> None:
    """An agenda that was never issued has no publication."""
    if kind == VersionKind.AGENDA and not meeting.agenda_version:
        raise Http404


def _publish(meeting: Meeting, kind: str, by: Any) -> str:
    if kind == VersionKind.AGENDA:
        publish_agenda(meeting=meeting, by=by)
        return _("The agenda is public. Citizens can read its open part now.")
    publish_minutes(meeting=meeting, by=by)
    return _("The minutes are published. Citizens can read them now.")


@require_POST
@once
def meeting_publish_ask(
    request: HttpRequest, meeting_id: int, kind: str = VersionKind.MINUTES
) -> HttpResponse:
    """Ask another person to approve the publication."""
    meeting = get_working_meeting(request, meeting_id)
    _require_something(meeting, kind)
    try:
        ask_publication(meeting=meeting, by=request.user, kind=kind)
    except Refused as refusal:
        return _page(request, meeting, kind, 422, refused=str(refusal.reason))
    messages.success(
        request, _("You have asked. The chair or a colleague can now approve the publication.")
    )
    return go_to(request, reverse(ACTS[kind]["publish"], args=[meeting.pk]))


@require_POST
@once
def meeting_findings(
    request: HttpRequest, meeting_id: int, kind: str = VersionKind.MINUTES
) -> HttpResponse:
    """Write why what was found may be public."""
    meeting = get_working_meeting(request, meeting_id)
    _require_something(meeting, kind)
    reasons = written_reasons(request)
    try:
        count = resolve_findings(
            meeting=meeting,
            reasons=reasons,
            by=request.user,
            read=coming_reading(meeting, kind),
        )
    except Refused as refusal:
        return _page(request, meeting, kind, 422, refused=str(refusal.reason), written=reasons)
    messages.success(request, reasons_saved(count))
    return go_to(request, reverse(ACTS[kind]["publish"], args=[meeting.pk]))


def written_reasons(request: HttpRequest) -> dict[str, str]:
    """Key of the finding → the reason as typed."""
    return {
        name.removeprefix(REASON): str(text)
        for name, text in request.POST.items()
        if name.startswith(REASON)
    }


def reasons_saved(count: int) -> str:
    return ngettext("%(n)s reason is saved.", "%(n)s reasons are saved.", count) % {"n": count}


def _page(
    request: HttpRequest,
    meeting: Meeting,
    kind: str,
    status: int = 200,
    written: dict[str, str] | None = None,
    **extra: Any,
) -> HttpResponse:
    context = publish_page(request.user, meeting, kind) | extra
    context["rows"] = finding_rows(context["waiting"], written)
    context["urls"] = {name: reverse(page, args=[meeting.pk]) for name, page in ACTS[kind].items()}
    context["trail"] = meeting_trail(meeting, _("Publication"))
    context["has_errors"] = bool(context["missing"] or extra.get("refused"))
    return render_page(request, "meetings/meeting_publish.html", context, status=status)


def finding_rows(
    waiting: list[Finding], written: dict[str, str] | None = None
) -> list[tuple[Finding, str]]:
    """What was typed stands there still when it is refused."""
    return [(finding, (written or {}).get(finding.key, "")) for finding in waiting]


@once
def agenda_withdraw(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Take the public agenda back; members keep theirs."""
    meeting = get_working_meeting(request, meeting_id)
    policies.can_publish_minutes(request.user, meeting).require()
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_ready() and form.carries_out(
        lambda: withdraw_agenda(meeting=meeting, by=request.user, **form.cleaned_data)
    ):
        messages.success(
            request, _("The agenda is withdrawn. Members keep it, citizens no longer see it.")
        )
        return go_to(request, meeting.get_absolute_url())
    trail = meeting_trail(meeting, _("Withdraw the agenda"))
    context = {"form": form, "meeting": meeting, "trail": trail}
    return render_page(request, "meetings/agenda_withdraw.html", context, status=form.status)


@once
def meeting_withdraw(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Take published minutes back from the public."""
    meeting = get_working_meeting(request, meeting_id)
    policies.can_publish_minutes(request.user, meeting).require()
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_ready() and form.carries_out(
        lambda: withdraw_minutes(meeting=meeting, by=request.user, **form.cleaned_data)
    ):
        messages.success(request, _("The minutes are withdrawn. Citizens no longer see them."))
        return go_to(request, reverse("meetings:meeting_minutes", args=[meeting.pk]))
    context = {
        "form": form,
        "meeting": meeting,
        "trail": meeting_trail(meeting, _("Withdraw the minutes")),
    }
    return render_page(request, "meetings/meeting_withdraw.html", context, status=form.status)
