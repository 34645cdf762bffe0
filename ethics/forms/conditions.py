"""Forms of conditions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from committee.models import User
from core.forms import DanishDateField, RefusableForm
from ethics.enums.conditions import Gate, Source
from ethics.models import Condition
from ethics.selectors.conditions import possible_owners
from ethics.workflow_conditions import CONDITION
from usecases.models import UseCase

DATE_EXAMPLE = _("For example 25 02 2026")
SOURCES = [(value, label) for value, label in Source.choices if value != Source.CASE]


class ConditionForm(RefusableForm):
    """What must be true, before what, who sees to it, and by when."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    text = forms.CharField(
        label=_("What must be true?"),
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("When it is in force, everybody can read it on the page of a public case."),
    )
    gate = forms.ChoiceField(
        label=_("When must it be met?"), choices=Gate, widget=forms.RadioSelect
    )
    owner = forms.ModelChoiceField(
        label=_("Owner"),
        queryset=User.objects.none(),
        empty_label=_("Choose"),
        help_text=_("Hands in the evidence. Somebody else verifies it."),
    )
    due_on = DanishDateField(label=_("Deadline"), help_text=DATE_EXAMPLE)
    source = forms.ChoiceField(
        label=_("Where does it come from?"),
        choices=SOURCES,
        initial=Source.DECISION,
        widget=forms.RadioSelect,
    )
    source_ref = forms.CharField(
        label=_("Which flag or question"),
        max_length=60,
        required=False,
        help_text=_("Its id in the questionnaire, for example C2."),
    )

    def __init__(self, case: UseCase, *args: Any, is_new: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner: Any = self.fields["owner"]
        owner.queryset = possible_owners(case)
        if not is_new:
            del self.fields["source"], self.fields["source_ref"]

    def facts(self) -> dict[str, Any]:
        """What the service wants."""
        return {key: value for key, value in self.cleaned_data.items() if key != "version"}


def of_condition(row: Condition, data: Any = None) -> ConditionForm:
    """The form filled in with the condition as it stands."""
    names = ("text", "gate", "owner", "due_on", "version")
    initial = {name: getattr(row, name) for name in names}
    return ConditionForm(row.case, data, initial=initial, is_new=False)


class EvidenceForm(RefusableForm):
    """Words, a link, a file, or all three."""

    text = forms.CharField(
        label=_("What shows that it is met?"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
    )
    link = forms.URLField(label=_("Link"), max_length=500, required=False, assume_scheme="https")
    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_("PDF, DOCX, ODT, PNG or JPEG, at most 25 MB."),
    )


class VerdictForm(RefusableForm):
    """Does the evidence show it?"""

    evidence = forms.IntegerField(widget=forms.HiddenInput)
    verdict = forms.ChoiceField(
        label=_("Does the evidence show that the condition is met?"),
        choices=[
            ("verify", _("Yes, the condition is met")),
            ("reject", _("No, the owner must hand in something else")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("What is missing?"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Only when the answer is no. The owner reads it."),
    )


class MoveForm(RefusableForm):
    """What a move asks for, and no more."""

    def __init__(self, move: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        guards = {guard.__name__ for guard in CONDITION.get(move).guards}
        if guards & {"has_reason", "has_waiver"}:
            self.fields["reason"] = forms.CharField(
                label=_("Reason"), max_length=2000, widget=forms.Textarea({"rows": 4})
            )
        if "has_waiver" in guards:
            self.fields["body"] = forms.CharField(
                label=_("Who decided that it falls away?"), max_length=200
            )
            self.fields["on"] = DanishDateField(
                label=_("Date of the decision"), help_text=DATE_EXAMPLE
            )
