"""One item: read it, write it, keep what was typed, settle two people's changes."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.drafts import discard_draft, find_draft, save_draft
from core.errors import error_page
from core.htmx import go_to, render_page
from core.kept import take_kept_post
from core.numbers import whole_number
from core.once import once
from core.templatetags.ur import clock
from core.verdicts import NotAllowed, Refused, StaleState
from meetings import policies
from meetings.enums import DECISION, PUBLIC_DECISION
from meetings.forms.items import ItemHeadForm
from meetings.forms.notes import NoteForm
from meetings.forms.recusals import GroundsForm
from meetings.models import AgendaItem
from meetings.selectors.items import edit_page, item_reading
from meetings.selectors.notes import item_notes
from meetings.services.disqualification import declare_disqualified
from meetings.services.holding import record_decision
from meetings.services.items import add_item, change_item
from meetings.services.notes import draft_name
from meetings.services.texts import Saved, save_texts
from meetings.views.conflicts import conflict_page
from meetings.views.fetch import (
    get_item,
    get_working_item,
    get_working_meeting,
    gone_page,
    record_closed_reading,
)
from meetings.views.meetings import meeting_trail

DECISION_KEYS: tuple[str, ...] = (DECISION, PUBLIC_DECISION)


@login_not_required
@require_safe
def item_page(request: HttpRequest, meeting_id: int, item_id: int) -> HttpResponse:
    """Read an item, as much of it as one may. Reading a closed item in full is recorded."""
    return show_item(request, get_item(request, meeting_id, item_id))


def show_item(
    request: HttpRequest, item: AgendaItem, *, note_form: NoteForm | None = None, status: int = 200
) -> HttpResponse:
    """The item's reading page, with one's own notes unless one looks through others' eyes."""
    context = item_reading(request.user, item)
    if context is None:
        if item.meeting.is_taken_back and not policies.is_insider(request.user, item.meeting):
            return gone_page(request, item.meeting)
        raise Http404
    if context["item"]["access"] == "closed" and not context["item"].get("redacted"):
        record_closed_reading(item, item.meeting, request)
    keeps_notes = not request.view_as and context["is_insider"]  # type: ignore[attr-defined]
    if keeps_notes:
        context |= _notes(request, item, context["item"], note_form)
    response = render_page(request, "meetings/item_page.html", context, status=status)
    if keeps_notes:
        response.headers["Cache-Control"] = "no-store"
    return response


def _notes(
    request: HttpRequest, item: AgendaItem, shown: dict[str, Any], form: NoteForm | None
) -> dict[str, Any]:
    rows, marked = item_notes(request.user, item, shown)
    draft = find_draft(owner=request.user, form=draft_name(item))
    return {
        "item": marked,
        "notes": rows,
        "note_form": form or NoteForm(initial=draft.fields if draft else {}),
        "note_draft": draft,
        "keeps_notes": True,
    }


@once
def item_new(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Put a new item on the agenda."""
    meeting = get_working_meeting(request, meeting_id)
    policies.can_edit_agenda(request.user, meeting).require()
    form = ItemHeadForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            item = add_item(meeting=meeting, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(
                request, _("Item %(number)s is on the agenda.") % {"number": item.position}
            )
            return go_to(request, reverse("meetings:item_edit", args=[meeting.pk, item.pk]))
    context = {"form": form, "meeting": meeting, "trail": meeting_trail(meeting, _("Add item"))}
    return render_page(
        request, "meetings/item_new.html", context, status=422 if form.errors else 200
    )


@once
def item_edit(request: HttpRequest, meeting_id: int, item_id: int) -> HttpResponse:
    """Write an item: its head, its sections, its decision."""
    item = get_working_item(request, meeting_id, item_id)
    if request.method == "POST":
        return _save(request, item)
    if kept := take_kept_post(request):
        # Written before the login expired; it comes back as this person's draft.
        _keep(request, item, kept)
    return _edit_page(request, item, ItemHeadForm.of(item))


def _edit_page(
    request: HttpRequest, item: AgendaItem, head: ItemHeadForm, status: int = 200, **extra: Any
) -> HttpResponse:
    draft = find_draft(owner=request.user, form=form_name(item))
    context = edit_page(request.user, item, draft) | {"form": head} | extra
    context["trail"] = meeting_trail(item.meeting, _("Item %(number)s") % {"number": item.position})
    return render_page(request, "meetings/item_edit.html", context, status=status)


def form_name(item: AgendaItem) -> str:
    """The name that a person's draft of this item is kept under."""
    return f"item:{item.pk}"


def _save(request: HttpRequest, item: AgendaItem) -> HttpResponse:
    _keep(request, item, request.POST)
    head = _bound_head(request, item) if "title" in request.POST else None
    if head is not None and not head.is_valid():
        return _edit_page(request, item, head, status=422, posted=request.POST)
    try:
        with transaction.atomic():
            if head is not None:
                _save_head(request, item, head)
            saved = _save_texts(request, item)
    except Refused as refusal:
        head = head or ItemHeadForm.of(item)
        head.refuse(refusal)
        return _edit_page(request, item, head, status=422, posted=request.POST)
    except NotAllowed as refusal:
        # Answered here, so that the draft stays: an error that leaves the view takes it along.
        return error_page(request, 403, reason=refusal.reason)
    except StaleState as stale:
        item.refresh_from_db()
        fresh = ItemHeadForm.of(item)
        return _edit_page(
            request, item, fresh, status=409, posted=request.POST, stale=str(stale.reason)
        )
    if saved.conflicts:
        return conflict_page(request, item, saved)
    discard_draft(owner=request.user, form=form_name(item))
    messages.success(request, _("Item %(number)s is saved.") % {"number": item.position})
    return go_to(request, _after_save(request, item))


def _bound_head(request: HttpRequest, item: AgendaItem) -> ItemHeadForm:
    """The head as sent; a ground that an import brought along may stay as it is."""
    return ItemHeadForm(request.POST, initial={"closing_ground": item.closing_ground})


def _after_save(request: HttpRequest, item: AgendaItem) -> str:
    if "stay" in request.POST:
        return reverse("meetings:item_edit", args=[item.meeting_id, item.pk])
    return item.meeting.get_absolute_url()


def _save_head(request: HttpRequest, item: AgendaItem, head: ItemHeadForm) -> None:
    if not policies.can_write_item(request.user, item):
        return
    changed = {
        name: value for name, value in head.cleaned_data.items() if value != getattr(item, name)
    }
    if changed:
        change_item(
            item=item, by=request.user, version=_int(request.POST.get("version")), **changed
        )


def _save_texts(request: HttpRequest, item: AgendaItem) -> Saved:
    texts, versions = posted_texts(request.POST)
    decisions = {key: texts.pop(key) for key in DECISION_KEYS if key in texts}
    saved = save_texts(item=item, texts=texts, versions=versions, by=request.user)
    if decisions or "outcome" in request.POST:
        more = record_decision(
            item=item,
            outcome=request.POST.get("outcome", item.outcome),
            texts=decisions,
            versions=versions,
            by=request.user,
        )
        saved.keys += more.keys
        saved.conflicts += more.conflicts
    return saved


def posted_texts(fields: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, int]]:
    """The long texts of the form and the versions they were written on."""
    texts, versions = {}, {}
    for name, value in fields.items():
        if name.startswith("text-"):
            texts[name.removeprefix("text-")] = str(value)
        elif name.startswith("base-"):
            versions[name.removeprefix("base-")] = _int(str(value))
    return texts, versions


def _int(text: str | None) -> int:
    return whole_number(text) or 0


def _keep(request: HttpRequest, item: AgendaItem, fields: Mapping[str, Any]) -> None:
    """Nothing that was sent is lost, whatever happens to the save."""
    texts, versions = posted_texts(fields)
    save_draft(owner=request.user, form=form_name(item), fields=texts, base_versions=versions)


@require_POST
def item_draft(request: HttpRequest, meeting_id: int, item_id: int) -> JsonResponse:
    """Autosave: keep the texts as this person's draft on the server."""
    item = get_working_item(request, meeting_id, item_id)
    policies.can_write_item(request.user, item).require()
    _keep(request, item, request.POST)
    now = clock(timezone.now())
    return JsonResponse({"saved_at_text": _("Draft saved %(clock)s") % {"clock": now}})


@require_POST
def item_draft_discard(request: HttpRequest, meeting_id: int, item_id: int) -> HttpResponse:
    """Go back to the saved text."""
    item = get_working_item(request, meeting_id, item_id)
    discard_draft(owner=request.user, form=form_name(item))
    messages.success(request, _("Your draft is thrown away. You see the saved text."))
    return go_to(request, reverse("meetings:item_edit", args=[meeting_id, item.pk]))


@once
def item_disqualify(request: HttpRequest, meeting_id: int, item_id: int) -> HttpResponse:
    """A member tells that they may be disqualified from the item."""
    item = get_item(request, meeting_id, item_id)
    policies.can_declare_disqualified(request.user, item).require()
    form = GroundsForm(request.POST if request.method == "POST" else None)
    by = request.user
    if form.is_ready() and form.carries_out(
        lambda: declare_disqualified(item=item, member=by, by=by, **form.cleaned_data)
    ):
        told = _(
            "Thank you for telling us. The item's closed papers are hidden from you "
            "until the committee has decided."
        )
        messages.success(request, told)
        return go_to(request, item.get_absolute_url())
    context = {"form": form, "item": item, "meeting": item.meeting}
    context["trail"] = meeting_trail(item.meeting, _("Tell about disqualification"))
    return render_page(request, "meetings/item_disqualify.html", context, status=form.status)
