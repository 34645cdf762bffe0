"""Forms of hearings."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import DanishDateField
from ethics.enums.hearings import Party
from ethics.forms.guidelines import long_text
from ethics.models import Hearing
from usecases.forms.moves import DATE_EXAMPLE
from usecases.forms.record import RefusableForm


class HearingForm(RefusableForm):
    """Who is heard about what, and until when."""

    parties = forms.MultipleChoiceField(
        label=_("Who is heard?"), choices=Party.choices, widget=forms.CheckboxSelectMultiple
    )
    questions = long_text(
        _("Questions, one on each line"),
        12,
        help_text=_("Change them so that they fit the proposal. At most 20."),
    )
    deadline = DanishDateField(label=_("Answers before"), help_text=DATE_EXAMPLE)


class ReplyForm(RefusableForm):
    """An answer to each question; of MED also who answered and when."""

    def __init__(self, hearing: Hearing, party: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if party == Party.MED:
            self.fields["who"] = forms.CharField(
                label=_("Who has answered?"),
                max_length=200,
                help_text=_("For example “Hoved-MED” or the name of the local committee."),
            )
            self.fields["answered_on"] = DanishDateField(
                label=_("When did they answer?"), help_text=DATE_EXAMPLE
            )
        for question in hearing.questions:
            field = long_text(question["text"], 4, required=False)
            self.fields[f"answer-{question['id']}"] = field

    def answers(self) -> dict[str, str]:
        return {
            name.removeprefix("answer-"): text
            for name, text in self.cleaned_data.items()
            if name.startswith("answer-")
        }

    def whose(self) -> dict[str, str | date | None]:
        return {key: self.cleaned_data[key] for key in ("who", "answered_on") if key in self.fields}


class CloseForm(RefusableForm):
    """What it showed, and how that was taken into account."""

    summary = long_text(_("What did the hearing show?"), 6)
    account = long_text(
        _("How was it taken into account?"),
        6,
        help_text=_("Also write what was not followed, and why."),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)


class CancelForm(RefusableForm):
    reason = long_text(_("Why is the hearing called off?"), 3)
