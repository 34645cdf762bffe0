"""The agenda: read it, order it, issue it, see what changed."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from core.htmx import go_to, render_page, wants_fragment
from core.numbers import whole_number
from core.once import once
from core.verdicts import Refused, StaleState
from meetings import policies
from meetings.models import AgendaItem, Meeting
from meetings.selectors.agenda import agenda_page, changes_for, read_page
from meetings.selectors.completeness import missing_in_item
from meetings.selectors.preparation import preparation
from meetings.selectors.publication import drafted_reading
from meetings.selectors.publication_page import before_issue
from meetings.selectors.seats import seated_members
from meetings.selectors.snapshot import agenda_items
from meetings.services.issuing import approve_agenda, issue_agenda, pending_changes
from meetings.services.items import move_item, order_items, remove_item
from meetings.services.publication import resolve_findings
from meetings.views.fetch import get_item, get_meeting, get_reading, get_working_meeting
from meetings.views.meetings import meeting_trail
from meetings.views.publication import finding_rows, reasons_saved, written_reasons


@login_not_required
@require_safe
def meeting_agenda(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """The meeting's page: the work table for those who build it, the reading view for others."""
    meeting = get_meeting(request, meeting_id)
    if policies.sees_drafts(request.user, meeting.committee_id):
        return _work_page(request, meeting)
    meeting, reading = get_reading(request, meeting_id)
    context = read_page(request.user, meeting, reading)
    status = 410 if reading is None and meeting.is_taken_back else 200
    return render_page(request, "meetings/meeting_read.html", context, status=status)


def _work_page(
    request: HttpRequest, meeting: Meeting, status: int = 200, **extra: Any
) -> HttpResponse:
    context = agenda_page(request.user, meeting) | extra
    context["trail"] = meeting_trail(meeting)
    return render_page(
        request, "meetings/meeting_agenda.html", context, fragment="agenda", status=status
    )


@require_POST
def item_move(request: HttpRequest, meeting_id: int, item_id: int) -> HttpResponse:
    """Move an item one place up (`way` is op) or down (ned).

    `from` is the place the reader saw it on: a second click finds it moved and does nothing.
    """
    meeting = get_meeting(request, meeting_id)
    policies.can_edit_agenda(request.user, meeting).require()
    item = get_object_or_404(meeting.items, pk=item_id)
    item.meeting = meeting
    start = _number(request.POST.get("from", "")) or item.position
    step = {"op": -1, "ned": 1}.get(request.POST.get("way", ""), 0)

    def move() -> str:
        place = item.position
        if place == start:
            place = move_item(item=item, to=start + step, by=request.user)
        return _("Item %(from)s is now item %(to)s.") % {"from": start, "to": place}

    return _reorder(request, meeting, move)


@require_POST
def items_order(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """The whole order after a drag; must name exactly the items on the agenda."""
    meeting = get_meeting(request, meeting_id)

    def order() -> str:
        order_items(meeting=meeting, order=_ids(request), by=request.user)
        return _("The order is saved.")

    return _reorder(request, meeting, order)


def _reorder(request: HttpRequest, meeting: Meeting, act: Callable[[], str]) -> HttpResponse:
    """Change the order, and answer with the agenda as it stands; 409 when it was overtaken."""
    try:
        said = act()
    except StaleState as stale:
        if not wants_fragment(request):
            raise
        messages.warning(request, str(stale.reason))
        return _work_page(request, meeting, status=409)
    return _answer_order(request, meeting, said)


def _ids(request: HttpRequest) -> list[int]:
    return [pk for text in request.POST.getlist("order") if (pk := whole_number(text)) is not None]


def _answer_order(request: HttpRequest, meeting: Meeting, said: str) -> HttpResponse:
    if wants_fragment(request):
        return _work_page(request, meeting, announcement=said)
    messages.success(request, said)
    return go_to(request, meeting.get_absolute_url())


@once
def item_remove(request: HttpRequest, meeting_id: int, item_id: int) -> HttpResponse:
    """Take an item off the agenda, after a page that says what that means."""
    item = get_item(request, meeting_id, item_id)
    policies.can_edit_agenda(request.user, item.meeting).require()
    if request.method == "POST":
        remove_item(item=item, by=request.user)
        messages.success(request, _("The item is taken off the agenda."))
        return go_to(request, item.meeting.get_absolute_url())
    trail = meeting_trail(item.meeting, _("Take item %(number)s off") % {"number": item.position})
    context = {"item": item, "meeting": item.meeting, "trail": trail}
    return render_page(request, "meetings/item_remove.html", context)


@once
def meeting_issue(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Check and issue: what goes out, to whom, what is missing, what changed."""
    meeting = get_working_meeting(request, meeting_id)
    if request.method == "POST":
        version = issue_agenda(
            meeting=meeting,
            expected=_number(request.POST.get("expected", "")),
            note=request.POST.get("note", "").strip()[:300],
            by=request.user,
        )
        members = len(seated_members(meeting))
        told = ngettext(
            "Version %(number)s of the agenda is issued to %(count)s member.",
            "Version %(number)s of the agenda is issued to %(count)s members.",
            members,
        ) % {"number": version.number, "count": members}
        messages.success(request, told)
        if meeting.has_unpublished_agenda:
            messages.warning(request, _("Citizens do not read this version yet."))
        return go_to(request, meeting.get_absolute_url())
    return _issue_page(request, meeting)


@require_POST
@once
def issue_findings(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Write, before the agenda is issued, why what was found in it may be public."""
    meeting = get_working_meeting(request, meeting_id)
    policies.can_edit_agenda(request.user, meeting).require()
    reasons = written_reasons(request)
    try:
        count = resolve_findings(
            meeting=meeting, reasons=reasons, by=request.user, read=drafted_reading(meeting)
        )
    except Refused as refusal:
        return _issue_page(request, meeting, 422, reasons, refused=str(refusal.reason))
    messages.success(request, reasons_saved(count))
    return go_to(request, reverse("meetings:meeting_issue", args=[meeting.pk]))


def _issue_page(
    request: HttpRequest,
    meeting: Meeting,
    status: int = 200,
    written: dict[str, str] | None = None,
    **extra: Any,
) -> HttpResponse:
    context = _issue_context(request, meeting) | before_issue(request.user, meeting) | extra
    context["rows"] = finding_rows(context.get("waiting", []), written)
    context["urls"] = {"findings": reverse("meetings:issue_findings", args=[meeting.pk])}
    context["has_errors"] = bool(extra.get("refused"))
    return render_page(request, "meetings/meeting_issue.html", context, status=status)


def _number(text: str) -> int:
    return whole_number(text) or 0


def _issue_context(request: HttpRequest, meeting: Meeting) -> dict[str, Any]:
    items = agenda_items(meeting)
    for item in items:
        item.meeting = meeting
    return {
        "meeting": meeting,
        "items": items,
        "hidden": _hidden(request, meeting, items),
        "missing": [missing for item in items for missing in missing_in_item(item)],
        "changes": changes_for(request.user, meeting, pending_changes(meeting)),
        "members": seated_members(meeting),
        "number": meeting.agenda_version + 1,
        "can_issue": policies.can_issue_agenda(request.user, meeting),
        "can_approve": policies.can_approve_agenda(request.user, meeting),
        "tasks": preparation(meeting, items),
        "trail": meeting_trail(meeting, _("Check and issue")),
    }


def _hidden(request: HttpRequest, meeting: Meeting, items: list[AgendaItem]) -> set[int]:
    """Closed items whose internal heading this reader may not see (a disqualified chair)."""
    return {
        item.pk
        for item in items
        if item.is_closed
        and policies.reading_level(request.user, item.pk, meeting.committee_id) == "public"
    }


@require_safe
def meeting_changes(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """What has changed since the agenda was last issued."""
    meeting = get_working_meeting(request, meeting_id)
    context = {
        "meeting": meeting,
        "changes": changes_for(request.user, meeting, pending_changes(meeting)),
        "trail": meeting_trail(meeting, _("Changes")),
    }
    return render_page(request, "meetings/meeting_changes.html", context)


@require_POST
@once
def agenda_approve(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """The chair agrees to the agenda."""
    meeting = get_working_meeting(request, meeting_id)
    approve_agenda(meeting=meeting, by=request.user)
    messages.success(request, _("You have approved the agenda. The secretariat can issue it."))
    return go_to(request, reverse("meetings:meeting_issue", args=[meeting.pk]))
