"""Workshops: exercises, what the groups write, and notes that become items."""

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from core import audit
from core.text import clean_text
from core.verdicts import Refused, StaleState
from meetings import policies
from meetings.enums import AGENDA_OPEN, ItemKind
from meetings.models import AgendaItem, Meeting, WorkshopExercise, WorkshopNote
from meetings.sections import EXERCISES, SectionTemplate
from meetings.services.items import add_item, lock_agenda
from meetings.services.texts import save_texts

LONGEST_NOTE = 20_000
# Where a template tells the story of a case, in the templates we have.
STORY = ("background", "presentation")


@transaction.atomic
def add_exercise(*, meeting: Meeting, reference: str, by: Any) -> WorkshopExercise:
    """Put an exercise of the library (such as `ai-mareridt@1`) last on the workshop."""
    policies.can_run_workshop(by, meeting).require()
    try:
        exercise = EXERCISES.by_reference(reference)
    except (KeyError, ValueError) as error:
        raise Refused(_("Choose an exercise from the list."), "reference") from error
    lock_agenda(meeting)
    last = meeting.exercises.aggregate(last=Max("position"))["last"] or 0
    row = WorkshopExercise.objects.create(
        meeting=meeting,
        position=last + 1,
        exercise_ref=f"{exercise.key}@{exercise.version}",
        title=exercise.title,
        instruction=exercise.instruction,
        prompts=list(exercise.prompts),
    )
    audit.record(
        "meetings.add_exercise", row, by=by, scope=meeting, data={"exercise": row.exercise_ref}
    )
    return row


@transaction.atomic
def write_note(
    *, exercise: WorkshopExercise, group: str, text: str, by: Any, prompt: str = ""
) -> WorkshopNote:
    """Keep what a group wrote, under one of the exercise's questions or none."""
    policies.can_write_workshop_note(by, exercise.meeting).require()
    words, name = clean_text(text), " ".join(group.split())
    if not name:
        raise Refused(_("Write the name of your group, for example Group 2."), "group")
    if len(name) > 80:
        raise Refused(_("The name of the group can be at most 80 characters."), "group")
    if not words:
        raise Refused(_("Write the note before you save it."), "text")
    if len(words) > LONGEST_NOTE:
        raise Refused(_("The note is too long. Split it into several."), "text")
    if prompt and prompt not in exercise.prompts:
        raise Refused(_("Choose one of the exercise's questions."), "prompt")
    note = WorkshopNote.objects.create(
        exercise=exercise, group=name, prompt=prompt, text=words, author=by
    )
    audit.record(
        "meetings.write_note", note, by=by, scope=exercise.meeting, data={"exercise": exercise.pk}
    )
    return note


@transaction.atomic
def note_to_item(*, note: WorkshopNote, meeting: Meeting, title: str, by: Any) -> AgendaItem:
    """Make an item of the note on `meeting`'s agenda, with the note as its background.

    Raises `StaleState` when somebody has made one of it already.
    """
    policies.can_run_workshop(by, note.exercise.meeting).require()
    if meeting.committee_id != note.exercise.meeting.committee_id:
        raise Refused(_("Choose a meeting of the same committee."), "meeting")
    if meeting.state not in AGENDA_OPEN:
        raise Refused(_("Choose a meeting whose agenda can still be changed."), "meeting")
    item = add_item(meeting=meeting, by=by, title=title.strip(), kind=ItemKind.DISCUSSION)
    if not WorkshopNote.objects.filter(pk=note.pk, item__isnull=True).update(item=item):
        raise StaleState(_("The note is already an item. Nothing was changed."))
    note.item = item
    key = story_key(meeting.template)
    save_texts(item=item, texts={key: note.text}, versions={key: 0}, by=by)
    audit.record(
        "meetings.note_to_item", note, by=by, scope=note.exercise.meeting, data={"item": item.pk}
    )
    return item


def story_key(template: SectionTemplate) -> str:
    """The section that tells what a case is about: background, presentation, else the first."""
    keys = [section.key for section in template.sections]
    return next((key for key in STORY if key in keys), keys[0])
