"""Forms of a workshop."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import RefusableForm
from core.templatetags.ur import full_date
from meetings.models import Meeting, WorkshopExercise
from meetings.sections import EXERCISES
from meetings.selectors.workshops import meetings_for_items


class ExerciseForm(RefusableForm):
    """An exercise from the library."""

    reference = forms.ChoiceField(label=_("Exercise"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["reference"]
        field.choices = [
            (f"{exercise.key}@{exercise.version}", exercise.title)
            for exercise in EXERCISES.newest().values()
        ]


class NoteForm(RefusableForm):
    """What a group writes in one exercise."""

    group = forms.CharField(
        label=_("Group"),
        max_length=80,
        widget=forms.TextInput({"list": "groups", "autocomplete": "off"}),
    )
    prompt = forms.ChoiceField(label=_("Question"), required=False)
    text = forms.CharField(
        label=_("Note"),
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": _("Write the note before you save it.")},
    )

    def __init__(self, exercise: WorkshopExercise, *args: Any, **kwargs: Any) -> None:
        # Several of these stand on one page: each needs ids of its own.
        kwargs.setdefault("auto_id", f"id_{exercise.pk}_%s")
        super().__init__(*args, **kwargs)
        field: Any = self.fields["prompt"]
        field.choices = [("", _("Not to one question")), *((p, p) for p in exercise.prompts)]


class NoteToItemForm(RefusableForm):
    """The heading and the meeting that a note becomes an item of."""

    title = forms.CharField(label=_("Heading of the item"), max_length=200)
    meeting = forms.ModelChoiceField(
        label=_("Meeting"), queryset=Meeting.objects.none(), empty_label=_("Choose a meeting")
    )

    def __init__(self, workshop: Meeting, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["meeting"]
        field.queryset = meetings_for_items(workshop)
        field.label_from_instance = lambda meeting: (
            f"{meeting.title}, {full_date(meeting.starts_at)}"
        )
