"""Gennemlæsning: the draft with comments per item, for its readers and the secretariat."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from core.htmx import go_to, render_page
from core.once import once
from core.responses import file_response
from core.verdicts import Refused
from meetings import policies
from meetings.forms.read_through import CommentForm, OpenReadThroughForm
from meetings.models import Meeting, ReadThrough, ReadThroughComment
from meetings.selectors.read_through import (
    closed_items_read,
    draft_attachment,
    draft_reading,
    latest_read_through,
    meeting_for_read_through,
    runs,
)
from meetings.services import read_through as services
from meetings.workflow import MEETING

TEMPLATE = "meetings/read_through.html"


def _meeting(request: HttpRequest, meeting_id: int) -> Meeting:
    meeting = meeting_for_read_through(request.user, meeting_id)
    if meeting is None:
        raise Http404
    request.committee_id = meeting.committee_id  # type: ignore[attr-defined]
    return meeting


def _open_row(meeting: Meeting) -> ReadThrough:
    """The newest read-through; the services say so when it is over."""
    row = latest_read_through(meeting)
    if row is None:
        raise Http404
    return row


def _url(meeting: Meeting, anchor: str = "") -> str:
    return reverse("meetings:read_through", args=[meeting.pk]) + anchor


@require_safe
def read_through(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """The draft that is being read. Reading closed items in full is recorded."""
    meeting = _meeting(request, meeting_id)
    row = latest_read_through(meeting)
    if row is not None:
        closed = closed_items_read(request.user, meeting, row)
        services.record_reading(read_through=row, items=closed, by=_reader(request))
    return _page(request, meeting)


def _reader(request: HttpRequest) -> Any:
    """Who is really looking, also through somebody's eyes."""
    return getattr(request, "real_user", request.user)


def _page(
    request: HttpRequest,
    meeting: Meeting,
    *,
    open_form: OpenReadThroughForm | None = None,
    comment_form: CommentForm | None = None,
) -> HttpResponse:
    row = latest_read_through(meeting)
    secretariat = runs(request.user, meeting)
    can_open = secretariat and MEETING.check(meeting, "open_read_through")
    if can_open and open_form is None:
        open_form = OpenReadThroughForm(meeting.committee_id)
    failed = bool((open_form and open_form.errors) or (comment_form and comment_form.errors))
    context = {
        "meeting": meeting,
        "row": row,
        "draft": draft_reading(request.user, meeting, row) if row else None,
        "secretariat": secretariat,
        "can_open": can_open,
        "can_comment": policies.can_comment_read_through(request.user, meeting),
        "open_form": open_form,
        "comment_form": comment_form,
        "failed_item": _failed_item(comment_form),
        "has_errors": failed,
        "trail": _trail(meeting),
    }
    return render_page(request, TEMPLATE, context, status=422 if failed else 200)


def _failed_item(form: CommentForm | None) -> str:
    """Which comment form has the error: an item's id, or `0` for the draft as a whole."""
    return "" if form is None else str(form["item"].value() or "0")


def _trail(meeting: Meeting) -> list[dict[str, str]]:
    return [
        {"label": _("Meetings"), "url": reverse("meetings:meeting_list")},
        {"label": meeting.title, "url": meeting.get_absolute_url()},
        {"label": _("Read-through"), "url": _url(meeting)},
    ]


@require_safe
def read_through_file(request: HttpRequest, meeting_id: int, attachment_id: int) -> HttpResponse:
    """A file of the draft; nobody but its readers has it before the agenda is issued."""
    meeting = _meeting(request, meeting_id)
    attachment = draft_attachment(request.user, meeting, attachment_id)
    if attachment is None:
        raise Http404
    return file_response(request, attachment.file)


@require_POST
@once
def read_through_open(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Send the draft to the chosen readers."""
    meeting = _meeting(request, meeting_id)
    policies.can_read_through(request.user, meeting).require()
    form = OpenReadThroughForm(meeting.committee_id, request.POST)
    if form.is_valid():
        try:
            services.open_read_through(
                meeting=meeting, readers=form.chosen(), due_at=form.due_at(), by=request.user
            )
        except Refused as error:
            form.refuse(error)
        else:
            count = len(form.cleaned_data["readers"])
            _say_sent(request, count)
            return go_to(request, _url(meeting))
    return _page(request, meeting, open_form=form)


def _say_sent(request: HttpRequest, count: int) -> None:
    text = ngettext(
        "The draft has been sent to %(n)s reader. You see the comments here as they come.",
        "The draft has been sent to %(n)s readers. You see the comments here as they come.",
        count,
    )
    messages.success(request, text % {"n": count})


@require_POST
@once
def read_through_comment(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Comment on an item, or on the draft as a whole."""
    meeting = _meeting(request, meeting_id)
    policies.can_comment_read_through(request.user, meeting).require()
    form = CommentForm(request.POST)
    if form.is_valid():
        item = form.cleaned_data["item"]
        try:
            services.comment(
                read_through=_open_row(meeting),
                text=form.cleaned_data["text"],
                item_id=item,
                by=request.user,
            )
        except Refused as error:
            form.refuse(error)
        else:
            messages.success(request, _("Your comment has been sent to the secretariat."))
            return go_to(request, _url(meeting, f"#punkt-{item}" if item else "#samlet"))
    return _page(request, meeting, comment_form=form)


@require_POST
@once
def read_through_done(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Say that one has read the draft."""
    meeting = _meeting(request, meeting_id)
    services.finish_reading(read_through=_open_row(meeting), by=request.user)
    messages.success(
        request,
        _("The secretariat can see that you have read the draft. You can still comment."),
    )
    return go_to(request, _url(meeting))


@require_POST
@once
def read_through_remind(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Remind those who have not read yet."""
    meeting = _meeting(request, meeting_id)
    count = services.remind(read_through=_open_row(meeting), by=request.user)
    messages.success(request, reminder_sentence(count))
    return go_to(request, _url(meeting))


def reminder_sentence(count: int) -> str:
    """What happened after a reminder."""
    if not count:
        return _("Nobody is missing, so nobody was reminded.")
    text = ngettext(
        "%(n)s person gets a reminder by mail, at most one a day.",
        "%(n)s people get a reminder by mail, at most one a day each.",
        count,
    )
    return text % {"n": count}


@require_POST
@once
def read_through_close(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """End the read-through."""
    meeting = _meeting(request, meeting_id)
    services.close_read_through(meeting=meeting, by=request.user)
    messages.success(
        request, _("The read-through is over. The agenda is a draft again and can be issued.")
    )
    return go_to(request, _url(meeting))


@require_POST
@once
def read_through_settle(request: HttpRequest, meeting_id: int, comment_id: int) -> HttpResponse:
    """Mark a comment as dealt with, or open it again."""
    meeting = _meeting(request, meeting_id)
    mine: Any = {} if runs(request.user, meeting) else {"author": request.user}
    comment = get_object_or_404(
        ReadThroughComment.objects.select_related("read_through__meeting"),
        pk=comment_id,
        read_through__meeting=meeting,
        **mine,
    )
    settled = request.POST.get("settled") == "1"
    services.settle_comment(comment=comment, settled=settled, by=request.user)
    text = _("The comment is marked as settled.") if settled else _("The comment is open again.")
    messages.success(request, text)
    return go_to(request, _url(meeting, f"#kommentar-{comment.pk}"))
