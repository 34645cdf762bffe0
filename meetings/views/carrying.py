"""Buttons that put something on the next agenda: postponed items, overdue follow-ups."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from core.htmx import go_to
from core.once import once
from meetings.models import FollowUp
from meetings.services import carrying as services
from meetings.views.fetch import get_item, get_meeting


@require_POST
@once
def item_carry(request: HttpRequest, meeting_id: int, item_id: int) -> HttpResponse:
    """Take one postponed item along to the next meeting."""
    item = get_item(request, meeting_id, item_id)
    new = services.carry_item(item=item, by=request.user)
    told = _("The item is on the agenda of meeting %(meeting)s as item %(number)s.")
    values = {"meeting": new.meeting.number, "number": new.position}
    messages.success(request, told % values)
    return go_to(request, reverse("meetings:meeting_minutes", args=[meeting_id]))


@require_POST
@once
def items_carry(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Take all postponed items along to this meeting."""
    meeting = get_meeting(request, meeting_id)
    count = len(services.carry_all(meeting=meeting, by=request.user))
    told = ngettext(
        "%(n)s postponed item is on the agenda.", "%(n)s postponed items are on the agenda.", count
    )
    messages.success(request, told % {"n": count})
    return go_to(request, meeting.get_absolute_url())


@require_POST
@once
def follow_up_to_item(request: HttpRequest, meeting_id: int, follow_up_id: int) -> HttpResponse:
    """Make an item of an overdue follow-up."""
    meeting = get_meeting(request, meeting_id)
    rows = FollowUp.objects.visible_to(request.user).select_related("item__meeting__committee")
    row = get_object_or_404(rows, pk=follow_up_id)
    new = services.follow_up_to_item(follow_up=row, meeting=meeting, by=request.user)
    messages.success(request, _("Item %(number)s is on the agenda.") % {"number": new.position})
    return go_to(request, meeting.get_absolute_url())
