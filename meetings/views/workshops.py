"""Workshops: the page the groups write on, tablet first."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.htmx import go_to, render_page
from core.once import once
from core.verdicts import Refused
from meetings import policies
from meetings.forms.workshops import ExerciseForm, NoteForm, NoteToItemForm
from meetings.models import Meeting, WorkshopExercise, WorkshopNote
from meetings.selectors.workshops import (
    ExerciseNotes,
    exercises_with_notes,
    known_groups,
    meetings_for_items,
    workshops_visible_to,
)
from meetings.services import workshops as services

TEMPLATE = "meetings/workshop_page.html"


def _workshop(request: HttpRequest, meeting_id: int) -> Meeting:
    meetings = workshops_visible_to(request.user).select_related("committee__municipality")
    meeting: Meeting = get_object_or_404(meetings, pk=meeting_id)
    request.committee_id = meeting.committee_id  # type: ignore[attr-defined]
    return meeting


def _url(meeting: Meeting, anchor: str = "", **query: str) -> str:
    url = reverse("meetings:workshop_page", args=[meeting.pk])
    return url + (f"?{urlencode(query)}" if query else "") + anchor


@require_safe
def workshop_page(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """The exercises with every group's notes."""
    return _page(request, _workshop(request, meeting_id))


def _page(
    request: HttpRequest,
    meeting: Meeting,
    *,
    failed: NoteForm | None = None,
    failed_exercise: int = 0,
    exercise_form: ExerciseForm | None = None,
) -> HttpResponse:
    rows = exercises_with_notes(meeting)
    group = request.GET.get("gruppe", "")[:80]
    runs = policies.can_run_workshop(request.user, meeting)
    writes = policies.can_write_workshop_note(request.user, meeting)
    errors = bool(failed or (exercise_form and exercise_form.errors))
    context = {
        "meeting": meeting,
        "exercises": [
            (row, _note_form(row, group, failed, failed_exercise) if writes else None)
            for row in rows
        ],
        "groups": known_groups(rows),
        "runs": runs,
        "writes": writes,
        "exercise_form": (exercise_form or ExerciseForm()) if runs else None,
        "targets": list(meetings_for_items(meeting)) if runs else [],
        "has_errors": errors,
    }
    return render_page(request, TEMPLATE, context, status=422 if errors else 200)


def _note_form(
    row: ExerciseNotes, group: str, failed: NoteForm | None, failed_exercise: int
) -> NoteForm:
    if failed is not None and row.exercise.pk == failed_exercise:
        return failed
    return NoteForm(row.exercise, initial={"group": group})


@require_POST
@once
def exercise_add(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Add an exercise from the library."""
    meeting = _workshop(request, meeting_id)
    policies.can_run_workshop(request.user, meeting).require()
    form = ExerciseForm(request.POST)
    if form.is_valid():
        try:
            row = services.add_exercise(
                meeting=meeting, reference=form.cleaned_data["reference"], by=request.user
            )
        except Refused as error:
            form.refuse(error)
        else:
            text = _("“%(title)s” has been added. The groups can begin to write.")
            messages.success(request, text % {"title": row.title})
            return go_to(request, _url(meeting, f"#oevelse-{row.pk}"))
    return _page(request, meeting, exercise_form=form)


@require_POST
@once
def note_add(request: HttpRequest, meeting_id: int, exercise_id: int) -> HttpResponse:
    """Save what a group wrote."""
    meeting = _workshop(request, meeting_id)
    exercise = get_object_or_404(WorkshopExercise, pk=exercise_id, meeting=meeting)
    exercise.meeting = meeting
    policies.can_write_workshop_note(request.user, meeting).require()
    form = NoteForm(exercise, request.POST)
    if form.is_valid():
        try:
            note = services.write_note(exercise=exercise, by=request.user, **form.cleaned_data)
        except Refused as error:
            form.refuse(error)
        else:
            messages.success(request, _("The note is saved. Write the next one, or go on."))
            anchor = f"#oevelse-{exercise.pk}"
            return go_to(request, _url(meeting, anchor, gruppe=note.group))
    return _page(request, meeting, failed=form, failed_exercise=exercise.pk)


@require_POST
@once
def note_to_item(request: HttpRequest, meeting_id: int, note_id: int) -> HttpResponse:
    """Make an agenda item of a note."""
    meeting = _workshop(request, meeting_id)
    policies.can_run_workshop(request.user, meeting).require()
    notes = WorkshopNote.objects.select_related("exercise__meeting__committee")
    note = get_object_or_404(notes, pk=note_id, exercise__meeting=meeting)
    form = NoteToItemForm(meeting, request.POST)
    if form.is_valid():
        try:
            item = services.note_to_item(note=note, by=request.user, **form.cleaned_data)
        except Refused as error:
            form.refuse(error)
        else:
            facts: dict[str, Any] = {"number": item.position, "title": item.meeting.title}
            text = _("The note is now item %(number)s of %(title)s, with its text as background.")
            messages.success(request, text % facts)
            return go_to(request, _url(meeting, f"#note-{note.pk}"))
    context = {"meeting": meeting, "note": note, "form": form}
    return render_page(request, "meetings/note_to_item.html", context, status=422)
