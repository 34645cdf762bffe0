"""Forms of follow-ups."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from committee.models import User
from core.forms import DanishDateField, RefusableForm
from meetings.models import AgendaItem, FollowUp
from meetings.selectors.follow_ups import possible_owners

LONGEST = 2000


class FollowUpForm(RefusableForm):
    """What is to be done, by whom and when."""

    text = forms.CharField(
        label=_("What is to be done?"), max_length=LONGEST, widget=forms.Textarea({"rows": 4})
    )
    owner = forms.ModelChoiceField(
        label=_("Person"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Nobody by name"),
        help_text=_("The person sees it under “My work” and reports on it."),
    )
    owner_unit = forms.CharField(
        label=_("Or a unit"),
        max_length=150,
        required=False,
        help_text=_("Write it when no person has it yet, for example a department."),
    )
    due_on = DanishDateField(label=_("Deadline"), help_text=_("For example 25 02 2026"))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, initial=1)

    def __init__(self, item: AgendaItem, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["owner"]
        field.queryset = possible_owners(item)

    @classmethod
    def of(cls, row: FollowUp) -> "FollowUpForm":
        names = ("text", "owner", "owner_unit", "due_on", "version")
        return cls(row.item, initial={name: getattr(row, name) for name in names})

    def facts(self) -> dict[str, Any]:
        """What the service wants, but for the version."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class ProgressForm(RefusableForm):
    """How far it is."""

    text = forms.CharField(
        label=_("How far is it?"), max_length=LONGEST, widget=forms.Textarea({"rows": 3})
    )


class DropForm(RefusableForm):
    """Why it will not be done."""

    reason = forms.CharField(
        label=_("Why is it dropped?"), max_length=500, widget=forms.Textarea({"rows": 3})
    )
