"""Forms made from the record's declaration: one per section, with nothing written twice."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from committee.models import User
from core.forms import DanishDateField, RefusableForm
from usecases.models import UseCase
from usecases.record import FEW, RecordField, RecordSection

BLANK = ("", _("Choose"))


class SectionForm(RefusableForm):
    """One section of the record. Only the title must be filled to save; the rest may wait."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, section: RecordSection, *args: Any, people: Any = None, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.section = section
        for known in section.fields:
            field: Any = _field(known, people)
            # Not optional, only not needed yet: the label must not say that it may be left out.
            field.can_wait = bool(known.stage)
            self.fields[known.key] = field

    def values(self) -> dict[str, Any]:
        """What the service saves."""
        return {known.key: self.cleaned_data[known.key] for known in self.section.fields}

    def typed(self, data: QueryDict) -> dict[str, Any]:
        """What stands in the inputs of `data`, to be shown again."""
        return {
            name: field.widget.value_from_datadict(data, None, name)
            for name, field in self.fields.items()
            if name != "version"
        }


def section_form(section: RecordSection, case: UseCase | None, data: Any = None) -> SectionForm:
    """The form of one section, filled with what is known."""
    initial: dict[str, Any] = {}
    people = None
    if case is not None:
        initial = {known.key: case.value(known.key) for known in section.fields}
        initial["version"] = case.version
        people = User.objects.filter(is_active=True).order_by("name")
    return SectionForm(section, data, initial=initial, people=people)


def _field(known: RecordField, people: Any) -> forms.Field:
    common: dict[str, Any] = {
        "label": known.label,
        "help_text": known.help,
        "required": known.key == "title",
    }
    if known.choices:
        return _choice_field(known, common)
    if known.type == "person":
        queryset = people if people is not None else User.objects.none()
        return forms.ModelChoiceField(queryset=queryset, empty_label=_("Nobody yet"), **common)
    simple = {"date": DanishDateField, "boolean": forms.BooleanField, "number": forms.DecimalField}
    if known.type in simple:
        return simple[known.type](**common)
    return _text_field(known, common)


def _choice_field(known: RecordField, common: dict[str, Any]) -> forms.Field:
    rows = list(known.choices.items())
    if known.type == "multi_choice":
        return forms.MultipleChoiceField(
            choices=rows, widget=forms.CheckboxSelectMultiple, **common
        )
    if len(rows) <= FEW:
        return forms.ChoiceField(choices=rows, widget=forms.RadioSelect, **common)
    return forms.ChoiceField(choices=[BLANK, *rows], **common)


def _text_field(known: RecordField, common: dict[str, Any]) -> forms.Field:
    common["max_length"] = known.max_length
    if known.type == "email":
        return forms.EmailField(**common)
    if known.type == "link":
        return forms.URLField(assume_scheme="https", **common)
    if known.type == "long_text":
        rows = 3 if known.max_length <= 500 else 5
        return forms.CharField(widget=forms.Textarea({"rows": rows}), **common)
    return forms.CharField(**common)
