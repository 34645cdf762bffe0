"""Forms of a read-through."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from committee.models import User
from core.forms import RefusableForm
from meetings.forms.base import DeadlineForm
from meetings.selectors.read_through import possible_readers


class OpenReadThroughForm(DeadlineForm):
    """Who reads the draft, and until when."""

    readers = forms.MultipleChoiceField(
        label=_("Readers"),
        help_text=_("The follow group reads the edition without closed items."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one reader.")},
    )
    field_order = ["readers", "due_on", "due_time"]

    def __init__(self, committee_id: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(user.pk): user for user in possible_readers(committee_id)}
        field: Any = self.fields["readers"]
        field.choices = [(pk, user.name) for pk, user in self.people.items()]

    def chosen(self) -> list[User]:
        return [self.people[pk] for pk in self.cleaned_data["readers"]]


class CommentForm(RefusableForm):
    """A comment on an item of the draft, or on the draft as a whole."""

    text = forms.CharField(
        label=_("Your comment"),
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": _("Write your comment before you send it.")},
    )
    item = forms.IntegerField(required=False, widget=forms.HiddenInput)
