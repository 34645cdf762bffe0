"""PDFs: the finished file, or how far it is, or a button that asks for it."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from core.htmx import go_to, render_page, wants_fragment
from core.once import once
from core.progress import progress_of, start_over
from core.responses import file_response
from meetings.enums import DocumentKind, Edition
from meetings.models import Meeting
from meetings.naming import document_filename
from meetings.policies import sees_drafts
from meetings.selectors.reading import (
    Reading,
    edition_reading,
    holds_closed_text,
    kinds_of,
    printed_reading,
)
from meetings.services.documents import find_document, request_document
from meetings.views.fetch import Gone, get_reading, gone_page, missing, record_closed_reading
from meetings.views.meetings import meeting_trail


def _fetch(request: HttpRequest, meeting_id: int, kind: str) -> tuple[Meeting, Reading]:
    """What the document would be made of for this reader. 404 when there is nothing to make."""
    meeting, read = get_reading(request, meeting_id)
    wanted = request.GET.get("udgave", "")
    works = sees_drafts(request.user, meeting.committee_id)
    # The secretariat and the chair fetch what members and citizens get; one who is
    # disqualified from an item gets no fuller edition that way.
    allowed = wanted == Edition.PUBLIC or (read and not read.without)
    if works and wanted in Edition.values and allowed:
        read = edition_reading(meeting, wanted)
    if read is None or kind not in kinds_of(read):
        raise missing(meeting, kind)
    return meeting, printed_reading(read, kind)


@login_not_required
@require_safe
def document_file(request: HttpRequest, meeting_id: int, kind: str) -> HttpResponse:
    """The PDF of exactly what this reader may read; until it is made, a page that says so."""
    try:
        meeting, read = _fetch(request, meeting_id, kind)
    except Gone as gone:
        return gone_page(request, gone.meeting)
    document = find_document(kind, read)
    if document and document.file and not wants_fragment(request):
        if holds_closed_text(read):
            record_closed_reading(document, meeting, request)
        return file_response(
            request,
            document.file,
            filename=document_filename(meeting, kind, read.edition),
            inline=True,
        )
    context = {
        "meeting": meeting,
        "kind": DocumentKind(kind),
        "progress": progress_of(document),
        "address": _address(request, "document_file", meeting, kind),
        "ask_url": _address(request, "document_request", meeting, kind),
        "trail": meeting_trail(meeting, str(DocumentKind(kind).label)),
    }
    response = render_page(request, "meetings/document_wait.html", context, fragment="progress")
    response.headers["Cache-Control"] = "no-store"
    return response


@login_not_required
@require_POST
@once
def document_request(request: HttpRequest, meeting_id: int, kind: str) -> HttpResponse:
    """Ask for the PDF, or for another try."""
    meeting, read = _fetch(request, meeting_id, kind)
    document = request_document(kind, read, by=request.user)
    start_over(document)
    return go_to(request, _address(request, "document_file", meeting, kind))


def _address(request: HttpRequest, name: str, meeting: Meeting, kind: str) -> str:
    """With the edition that is looked at, if one was chosen."""
    query = request.META.get("QUERY_STRING", "")
    address = reverse(f"meetings:{name}", args=[meeting.pk, kind])
    return f"{address}?{query}" if query else address
