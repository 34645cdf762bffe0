"""Attachments: add, change, take off, hand out."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.htmx import go_to, render_page
from core.once import once
from core.responses import file_response
from core.verdicts import Refused
from meetings import policies
from meetings.enums import Access
from meetings.forms.items import AttachmentForm
from meetings.selectors.agenda import attachment_rows
from meetings.services.attachments import add_attachment, change_attachment, remove_attachment
from meetings.views.fetch import (
    Gone,
    get_attachment,
    get_reading,
    get_working_item,
    gone_page,
    record_closed_reading,
    require_public_file,
)
from meetings.views.meetings import meeting_trail


@login_not_required
@require_safe
def attachment_file(request: HttpRequest, meeting_id: int, attachment_id: int) -> HttpResponse:
    """The bytes, as a download that the browser never runs."""
    attachment = get_attachment(request, meeting_id, attachment_id)
    try:
        require_public_file(request, attachment)
    except Gone as gone:
        return gone_page(request, gone.meeting)
    if attachment.access == Access.CLOSED:
        record_closed_reading(attachment, attachment.item.meeting, request)
    return file_response(request, attachment.file)


@once
def attachment_new(request: HttpRequest, meeting_id: int, item_id: int) -> HttpResponse:
    """Attach a file to an item."""
    item = get_working_item(request, meeting_id, item_id)
    policies.can_edit_agenda(request.user, item.meeting).require()
    bound = request.method == "POST"
    form = AttachmentForm(request.POST if bound else None, request.FILES if bound else None)
    if form.is_bound and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            attachment = add_attachment(
                item=item,
                data=upload.read(),
                filename=upload.name,
                title=form.cleaned_data["title"],
                access=form.cleaned_data["access"],
                by=request.user,
            )
        except Refused as refusal:
            form.refuse(refusal.reason)
        else:
            messages.success(request, _("“%(title)s” is attached.") % {"title": attachment.title})
            return go_to(request, _editor(item.meeting_id, item.pk))
    trail = meeting_trail(
        item.meeting, _("Item %(number)s") % {"number": item.position}, _("New attachment")
    )
    context = {"form": form, "item": item, "meeting": item.meeting, "trail": trail}
    return render_page(
        request, "meetings/attachment_new.html", context, status=422 if form.errors else 200
    )


def _editor(meeting_id: int, item_id: int) -> str:
    return reverse("meetings:item_edit", args=[meeting_id, item_id]) + "#attachments"


@require_POST
def attachment_edit(request: HttpRequest, meeting_id: int, attachment_id: int) -> HttpResponse:
    """Give an attachment another level or title."""
    attachment = get_attachment(request, meeting_id, attachment_id)
    change_attachment(
        attachment=attachment,
        by=request.user,
        title=request.POST.get("title"),
        access=request.POST.get("access"),
    )
    said = _("“%(title)s” is now: %(access)s.") % {
        "title": attachment.title,
        "access": attachment.get_access_display().lower(),
    }
    messages.success(request, said)
    return go_to(request, _editor(meeting_id, attachment.item_id))


@require_POST
@once
def attachment_remove(request: HttpRequest, meeting_id: int, attachment_id: int) -> HttpResponse:
    """Take a file off the item."""
    attachment = get_attachment(request, meeting_id, attachment_id)
    remove_attachment(attachment=attachment, by=request.user)
    messages.success(request, _("“%(title)s” is taken off the item.") % {"title": attachment.title})
    return go_to(request, _editor(meeting_id, attachment.item_id))


@login_not_required
@require_safe
def meeting_attachments(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """All attachments of the meeting that this reader may have."""
    meeting, read = get_reading(request, meeting_id)
    context = {
        "meeting": meeting,
        "items": attachment_rows(read),
        "tab": "attachments",
        "works": policies.sees_drafts(request.user, meeting.committee_id),
        "is_insider": policies.is_insider(request.user, meeting),
        "trail": meeting_trail(meeting, _("Attachments")),
    }
    return render_page(request, "meetings/meeting_attachments.html", context)
