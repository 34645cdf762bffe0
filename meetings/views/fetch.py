"""Fetch and authorise in the first line of a view: not visible is 404, whoever asks."""

from typing import Any

from django.db import transaction
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from committee.models import User
from core import audit
from core.htmx import render_page
from core.numbers import whole_number
from meetings import policies
from meetings.enums import DocumentKind
from meetings.models import AgendaItem, Attachment, Meeting
from meetings.selectors.reading import Reading, is_public_file, reading


def named_member(request: HttpRequest) -> Any:
    """Whom a post is about: the one it names, else who sent it."""
    pk = request.POST.get("member", "")
    return get_object_or_404(User, pk=whole_number(pk)) if pk else request.user


class Gone(Http404):
    """What was public and was taken back; `meeting` says why."""

    def __init__(self, meeting: Meeting) -> None:
        super().__init__()
        self.meeting = meeting


WITH = ("committee__municipality", "rule_profile__terms")


def get_meeting(request: HttpRequest, meeting_id: int) -> Meeting:
    """The meeting, if this reader may know of it."""
    meetings = Meeting.objects.visible_to(request.user).select_related(*WITH)
    meeting = get_object_or_404(meetings, pk=meeting_id)
    # The frame shows the committee that the page is about.
    request.committee_id = meeting.committee_id  # type: ignore[attr-defined]
    return meeting


def get_insider_meeting(request: HttpRequest, meeting_id: int) -> Meeting:
    """The meeting, for pages that only those who belong to the committee have."""
    meeting = get_meeting(request, meeting_id)
    if not policies.is_insider(request.user, meeting):
        raise Http404
    return meeting


def get_working_meeting(request: HttpRequest, meeting_id: int) -> Meeting:
    """The meeting, for pages that show work in progress: secretariat and chair."""
    meeting = get_meeting(request, meeting_id)
    if not policies.sees_drafts(request.user, meeting.committee_id):
        raise Http404
    return meeting


def get_item(request: HttpRequest, meeting_id: int, item_id: int) -> AgendaItem:
    """The item, if this reader may see at least its public heading."""
    meeting = get_meeting(request, meeting_id)
    item = get_object_or_404(
        AgendaItem.objects.visible_to(request.user), pk=item_id, meeting_id=meeting.pk
    )
    item.meeting = meeting
    return item


def get_working_item(request: HttpRequest, meeting_id: int, item_id: int) -> AgendaItem:
    """The item for those who work on it and may read it in full.

    A disqualified chair is turned away from a closed item like everybody else.
    """
    item = get_item(request, meeting_id, item_id)
    committee_id = item.meeting.committee_id
    readable = policies.reading_level(request.user, item.pk, committee_id) == "full"
    if not policies.sees_drafts(request.user, committee_id) or (item.is_closed and not readable):
        raise Http404
    return item


def get_attachment(request: HttpRequest, meeting_id: int, attachment_id: int) -> Attachment:
    """The attachment, if this reader may have its bytes."""
    attachments = Attachment.objects.visible_to(request.user).select_related(
        "file", *(f"item__meeting__{name}" for name in WITH)
    )
    attachment = get_object_or_404(attachments, pk=attachment_id, item__meeting_id=meeting_id)
    request.committee_id = attachment.item.meeting.committee_id  # type: ignore[attr-defined]
    return attachment


def require_public_file(request: HttpRequest, attachment: Attachment) -> None:
    """Those outside the committee get the files of what is public now, and no others.

    Raises `Gone` for a file of an agenda or minutes that were withdrawn.
    """
    meeting = attachment.item.meeting
    if policies.is_insider(request.user, meeting) or is_public_file(meeting, attachment.pk):
        return
    raise missing(meeting)


def missing(meeting: Meeting, kind: str = "") -> Http404:
    """Why a citizen finds nothing of `meeting` there: it was taken back, or never was."""
    minutes = meeting.is_withdrawn and kind in ("", DocumentKind.MINUTES)
    agenda = meeting.is_agenda_withdrawn and kind != DocumentKind.MINUTES
    return Gone(meeting) if minutes or agenda else Http404()


def gone_page(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """410 with the reason, for search engines and people alike."""
    response = render_page(
        request, "meetings/gone.html", {"meeting": meeting, "is_gone_page": True}, status=410
    )
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cache-Control"] = "no-store"
    return response


def get_reading(request: HttpRequest, meeting_id: int) -> tuple[Meeting, Reading | None]:
    """The meeting and what this reader reads of it."""
    meeting = get_meeting(request, meeting_id)
    return meeting, reading(request.user, meeting)


def crumbs(*steps: tuple[Any, str]) -> list[dict[str, Any]]:
    """Breadcrumbs from (label, address) pairs; the last is the page itself."""
    return [{"label": label, "url": url} for label, url in steps]


@transaction.atomic
def record_closed_reading(what: Model, meeting: Meeting, request: HttpRequest) -> None:
    """Reading a closed item is an act: who did it, also when they look through others' eyes."""
    reader = request.real_user  # type: ignore[attr-defined]
    audit.record("meetings.read_closed_item", what, by=reader, scope=meeting)
