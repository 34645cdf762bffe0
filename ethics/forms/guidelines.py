"""Forms of guidelines, amendments and dilemmas."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import DanishDateField
from ethics.enums.guidelines import DilemmaState, Side
from ethics.models import Guideline
from ethics.services.guidelines import Decided
from usecases.forms.moves import DATE_EXAMPLE
from usecases.forms.record import RefusableForm

NO_SECTION = ("", _("None"))


def long_text(label: Any, rows: int = 8, **more: Any) -> forms.CharField:
    """Longer texts than the service keeps are refused there, with the sentence that says so."""
    return forms.CharField(label=label, widget=forms.Textarea({"rows": rows}), **more)


class GuidelineForm(RefusableForm):
    title = forms.CharField(
        label=_("What is the guideline called?"),
        max_length=120,
        help_text=_("For example “Etiske retningslinjer”. Its address is made of it."),
    )


class GuidelineSectionForm(RefusableForm):
    """Heading and text of one section."""

    heading = forms.CharField(label=_("Heading"), max_length=120)
    text = long_text(_("Text"), 14, required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Not optional, only not needed before the text is adopted.
        text: Any = self.fields["text"]
        text.can_wait = True


class AmendmentForm(RefusableForm):
    """How the section should read, and why."""

    text = long_text(_("How the section should read"), 12)
    reason = long_text(
        _("Why?"), 4, help_text=_("The committee reads it before it decides. Citizens do not.")
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)


class RebaseForm(RefusableForm):
    """The proposed text on top of the section as it reads now."""

    text = long_text(_("How the section should read"), 12)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)


class DecidedForm(RefusableForm):
    """Where the committee decided."""

    meeting = forms.CharField(
        label=_("At which meeting was it decided?"),
        max_length=200,
        help_text=_("For example “3. møde i opgaveudvalget AI i Gentofte”."),
    )
    item = forms.CharField(label=_("Item on the agenda"), max_length=60, required=False)
    decided_on = DanishDateField(label=_("Date of the meeting"), help_text=DATE_EXAMPLE)
    link = forms.CharField(
        label=_("Link to the meeting"),
        max_length=500,
        required=False,
        help_text=_("Copy it from the meeting's page."),
    )

    def decided(self) -> Decided:
        data = self.cleaned_data
        return Decided(
            meeting=data["meeting"], on=data["decided_on"], item=data["item"], link=data["link"]
        )


class AdoptForm(DecidedForm):
    expected = forms.CharField(widget=forms.HiddenInput, required=False)


class AnswerForm(DecidedForm):
    """What the meeting made of a proposed change."""

    outcome = forms.ChoiceField(
        label=_("What did the committee decide?"),
        choices=[
            ("accept", _("It is accepted: write it into the text")),
            ("decline", _("It is declined")),
        ],
        widget=forms.RadioSelect,
    )
    answer = long_text(
        _("Why?"), 4, required=False, help_text=_("Must be written when it is declined.")
    )
    texts = forms.IntegerField(widget=forms.HiddenInput, required=False)

    field_order = ["outcome", "answer", "meeting", "item", "decided_on", "link", "texts"]


class DilemmaForm(RefusableForm):
    """A situation, and the section of a guideline that it is about."""

    title = forms.CharField(label=_("Title"), max_length=120)
    situation = long_text(
        _("What is the situation?"),
        8,
        help_text=_("Write it so that a citizen understands it. No names of real people."),
    )
    section = forms.ChoiceField(label=_("Section of a guideline"), required=False)

    def __init__(self, choices: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["section"]
        field.choices = [NO_SECTION, *choices]

    def place(self) -> dict[str, Any]:
        """The guideline and the section's number, or neither."""
        pk, _colon, number = self.cleaned_data["section"].partition(":")
        if not pk:
            return {"guideline": None, "section": None}
        return {"guideline": Guideline.objects.get(pk=pk), "section": int(number)}


class EditDilemmaForm(DilemmaForm):
    state = forms.ChoiceField(
        label=_("Status"), choices=DilemmaState.choices, widget=forms.RadioSelect
    )
    stance = long_text(
        _("Where does the committee stand?"),
        5,
        required=False,
        help_text=_("Must be written when the dilemma is settled."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class ArgumentForm(RefusableForm):
    """An argument on one side."""

    side = forms.ChoiceField(label=_("Side"), choices=Side.choices, widget=forms.RadioSelect)
    text = long_text(_("Argument"), 4)
    source = forms.CharField(
        label=_("Where does it come from?"),
        max_length=200,
        required=False,
        help_text=_("For example a workshop and its group. Leave it empty when it is your own."),
    )
