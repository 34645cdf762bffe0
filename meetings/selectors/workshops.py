"""A workshop's exercises with the notes of each group."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch

from committee.enums import READ_CLOSED, Role
from committee.models import committees_where
from meetings.enums import AGENDA_OPEN, WORKSHOP_KINDS
from meetings.models import Meeting, WorkshopExercise, WorkshopNote

# Notes are the committee's working papers: nobody else sees them.
AT_THE_TABLE = READ_CLOSED | {Role.FOLLOW_GROUP}


@dataclass(frozen=True)
class GroupNotes:
    """What one group wrote in one exercise, oldest first."""

    name: str
    notes: list[WorkshopNote]


@dataclass(frozen=True)
class ExerciseNotes:
    exercise: WorkshopExercise
    groups: list[GroupNotes]

    @property
    def count(self) -> int:
        return sum(len(group.notes) for group in self.groups)


def workshops_visible_to(user: Any) -> Any:
    """Workshop meetings whose notes `user` may see."""
    return Meeting.objects.visible_to(user).filter(
        kind__in=WORKSHOP_KINDS, committee__in=committees_where(user, AT_THE_TABLE)
    )


def exercises_with_notes(meeting: Meeting) -> list[ExerciseNotes]:
    """Two queries, however many exercises and notes."""
    notes = WorkshopNote.objects.select_related("author", "item").order_by("at", "pk")
    exercises = meeting.exercises.prefetch_related(Prefetch("notes", queryset=notes))
    return [ExerciseNotes(exercise, _by_group(exercise)) for exercise in exercises]


def _by_group(exercise: WorkshopExercise) -> list[GroupNotes]:
    groups: dict[str, list[WorkshopNote]] = {}
    for note in exercise.notes.all():
        groups.setdefault(note.group, []).append(note)
    return [GroupNotes(name, groups[name]) for name in sorted(groups)]


def known_groups(exercises: list[ExerciseNotes]) -> list[str]:
    """Names of groups that have written something, for the list of suggestions."""
    return sorted({group.name for exercise in exercises for group in exercise.groups})


def meetings_for_items(meeting: Meeting) -> Any:
    """The committee's meetings that a note can become an item of."""
    return Meeting.objects.filter(committee=meeting.committee_id, state__in=AGENDA_OPEN).order_by(
        "starts_at"
    )
