"""A person's own notes. They are always those of who is logged in, and of nobody else.

Who looks through another's eyes ("Vis som") has no notes meanwhile: neither theirs nor one's own.
"""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.drafts import save_draft
from core.htmx import go_to, render_page
from core.kept import take_kept_post
from core.once import once
from core.responses import SANDBOX
from core.templatetags.ur import clock
from core.verdicts import Refused
from meetings import policies
from meetings.documents.notes import notes_markdown, notes_pdf, with_notes
from meetings.enums import DocumentKind
from meetings.forms.notes import NoteForm, VersionForm
from meetings.models import AgendaItem, Meeting, PrivateNote, RenderedDocument
from meetings.selectors.items import item_reading
from meetings.selectors.notes import meeting_notes, passages
from meetings.selectors.reading import Reading, holds_closed_text, kinds_of, printed_reading
from meetings.services import notes as services
from meetings.services.documents import find_document
from meetings.views.fetch import get_item, get_reading, record_closed_reading
from meetings.views.items import show_item
from meetings.views.meetings import meeting_trail

DRAFTED = ("text", "quote")


def _own_meeting(request: HttpRequest, meeting_id: int) -> tuple[Meeting, Reading | None]:
    """The meeting, for those who may keep notes on it, or once did: their words stay theirs."""
    meeting, read = get_reading(request, meeting_id)
    own = PrivateNote.objects.filter(owner=request.user.pk, item__meeting=meeting)
    if request.view_as or not (policies.is_insider(request.user, meeting) or own.exists()):  # type: ignore[attr-defined]
        raise Http404
    return meeting, read


def _own_item(request: HttpRequest, meeting_id: int, item_id: int) -> tuple[AgendaItem, Any]:
    """The item that a note is about, and what its writer reads of the meeting."""
    item = get_item(request, meeting_id, item_id)
    if request.view_as or not policies.can_keep_notes(request.user, item.meeting):  # type: ignore[attr-defined]
        raise Http404
    page = item_reading(request.user, item)
    if page is None:
        raise Http404
    return item, page


def _back(request: HttpRequest, item: AgendaItem) -> HttpResponse:
    return go_to(request, f"{item.get_absolute_url()}#notes")


@require_http_methods(["GET", "HEAD", "POST"])
@once
def note_save(request: HttpRequest, meeting_id: int, item_id: int) -> HttpResponse:
    """Write a note, or change one of one's own. A GET only leads back to the item."""
    item, page = _own_item(request, meeting_id, item_id)
    if request.method != "POST":
        if kept := take_kept_post(request):
            _keep(request, item, kept)
        return _back(request, item)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return show_item(request, item, note_form=form, status=422)
    try:
        _save(request, item, page, form)
    except Refused as refusal:
        form.refuse(refusal)
        return show_item(request, item, note_form=form, status=422)
    return _back(request, item)


def _save(request: HttpRequest, item: AgendaItem, page: dict[str, Any], form: NoteForm) -> None:
    data, by = form.cleaned_data, request.user
    if data["note"] is None:
        services.write_note(
            item=item,
            by=by,
            text=data["text"],
            quote=form.as_quote(),
            section=data["section"],
            within=passages(page["item"]),
            version=0 if page["reading"].is_live else page["version"]["number"],
        )
        messages.success(request, _("Your note is saved. Only you can see it."))
        return
    saved = services.change_note(
        item=item, note_id=data["note"], text=data["text"], version=data["version"] or 0, by=by
    )
    if saved.kept_both:
        told = _("The note was changed in another window. Both texts are kept, as two notes.")
        messages.warning(request, told)
    else:
        messages.success(request, _("Your note is saved. Only you can see it."))


@require_POST
def note_draft(request: HttpRequest, meeting_id: int, item_id: int) -> JsonResponse:
    """Autosave: keep what is being typed as this person's draft."""
    item, _page = _own_item(request, meeting_id, item_id)
    _keep(request, item, request.POST.dict())
    now = clock(timezone.now())
    return JsonResponse({"saved_at_text": _("Draft saved %(clock)s") % {"clock": now}})


def _keep(request: HttpRequest, item: AgendaItem, fields: dict[str, Any]) -> None:
    kept = {key: str(fields.get(key, ""))[: services.LONGEST_NOTE] for key in DRAFTED}
    save_draft(owner=request.user, form=services.draft_name(item), fields=kept, base_versions={})


@require_POST
def note_remove(request: HttpRequest, meeting_id: int, item_id: int, note_id: int) -> HttpResponse:
    """Remove one's own note."""
    item, _page = _own_item(request, meeting_id, item_id)
    own = PrivateNote.objects.filter(owner=request.user.pk, item=item)
    note = get_object_or_404(own, pk=note_id)
    form = VersionForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else 0
    services.remove_note(note=note, version=version, by=request.user)
    messages.success(request, _("The note is removed."))
    return _back(request, item)


@require_safe
def notes_page(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """All one's notes of a meeting, in the order of the agenda."""
    meeting, read = _own_meeting(request, meeting_id)
    pack = _pack(read)
    context = {
        "meeting": meeting,
        "groups": meeting_notes(request.user, meeting, read),
        "is_insider": policies.is_insider(request.user, meeting),
        "works": policies.sees_drafts(request.user, meeting.committee_id),
        "tab": "notes",
        "has_pack": bool(pack and pack.file_id),
        "can_have_pack": bool(read and DocumentKind.PACK in kinds_of(read)),
        "trail": meeting_trail(meeting, _("My notes")),
    }
    return _private(render_page(request, "meetings/notes_page.html", context))


@require_safe
def notes_export(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """The notes as Markdown."""
    meeting, read = _own_meeting(request, meeting_id)
    text = notes_markdown(meeting, meeting_notes(request.user, meeting, read))
    return _download(text.encode(), "text/markdown; charset=utf-8", _name(meeting, "mine-noter.md"))


@require_POST
def notes_pack(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """One's meeting pack with the notes after it; the notes alone until there is a pack.

    A POST, because it makes a PDF (ADR 0017). Nothing of it is stored.
    """
    meeting, read = _own_meeting(request, meeting_id)
    made_at = timezone.now()
    groups = meeting_notes(request.user, meeting, read)
    data = notes_pdf(meeting, groups, owner=str(request.user), made_at=made_at)
    name = "mine-noter.pdf"
    pack = _pack(read)
    if read and pack and pack.file:
        data = with_notes(pack.file.read(), data, meeting, made_at=made_at)
        name = "moedepakke-med-mine-noter.pdf"
        if holds_closed_text(printed_reading(read, DocumentKind.PACK)):
            record_closed_reading(pack, meeting, request)
    return _download(data, "application/pdf", _name(meeting, name))


def _pack(read: Reading | None) -> RenderedDocument | None:
    if read is None or DocumentKind.PACK not in kinds_of(read):
        return None
    return find_document(DocumentKind.PACK, printed_reading(read, DocumentKind.PACK))


def _name(meeting: Meeting, what: str) -> str:
    day = localtime(meeting.starts_at).date().isoformat()
    return f"{day}-{meeting.committee.slug}-{what}"


def _download(data: bytes, media_type: str, filename: str) -> HttpResponse:
    response = HttpResponse(data, content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(True, filename) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SANDBOX
    return _private(response)


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
