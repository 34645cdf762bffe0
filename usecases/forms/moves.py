"""Forms of the moves and of the facts."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from committee.models import Committee
from core.forms import DanishDateField, RefusableForm
from usecases.enums import Decision, DecisionAccess, EthicsOutcome, RiskTier, SimilarAnswer
from usecases.services.facts import DecisionRecord
from usecases.workflow import LIFE_CYCLE

DATE_EXAMPLE = _("For example 25 02 2026")
LONG = forms.Textarea({"rows": 4})


class MoveForm(RefusableForm):
    """The reason and the date that a move asks for, and no others."""

    def __init__(self, move: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        guards = {guard.__name__ for guard in LIFE_CYCLE.get(move).guards}
        if "has_reason" in guards:
            self.fields["reason"] = forms.CharField(
                label=_("Reason"),
                max_length=2500,
                widget=forms.Textarea({"rows": 4}),
                help_text=_("Everybody can read it on the public page of the proposal.")
                if move == "suspend"
                else _("Those who follow the proposal read it."),
            )
        if "has_revisit_date" in guards:
            self.fields["revisit_on"] = DanishDateField(
                label=_("Look at it again"), help_text=DATE_EXAMPLE
            )


class SimilarForm(RefusableForm):
    """Same or different?"""

    similar_answer = forms.ChoiceField(
        label=_("Is one of them the same as yours?"),
        choices=SimilarAnswer,
        widget=forms.RadioSelect,
    )
    similar_note = forms.CharField(
        label=_("What is different?"),
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("One sentence is enough."),
    )


class DecisionForm(RefusableForm):
    """The decision of the competent body."""

    decision = forms.ChoiceField(
        label=_("What was decided?"), choices=Decision, widget=forms.RadioSelect
    )
    committee = forms.ModelChoiceField(
        label=_("Body"),
        queryset=Committee.objects.none(),
        required=False,
        empty_label=_("Another body"),
    )
    body = forms.CharField(
        label=_("Name of the body"),
        max_length=200,
        required=False,
        help_text=_("Only when it is not in the list above."),
    )
    on = DanishDateField(label=_("Date of the decision"), help_text=DATE_EXAMPLE)
    case_id = forms.CharField(
        label=_("Case number"), max_length=60, required=False, help_text="EMN-2025-08223"
    )
    item = forms.CharField(label=_("Item on the agenda"), max_length=60, required=False)
    link = forms.URLField(
        label=_("Link to the meeting or its minutes"),
        max_length=500,
        required=False,
        assume_scheme="https",
    )
    access = forms.ChoiceField(
        label=_("The item was"),
        choices=DecisionAccess,
        initial=DecisionAccess.OPEN,
        widget=forms.RadioSelect,
    )
    ground = forms.CharField(label=_("Legal ground, when closed"), max_length=200, required=False)
    reasons = forms.CharField(label=_("Reasons"), max_length=5000, widget=LONG)
    conditions = forms.CharField(
        label=_("Conditions"), max_length=5000, required=False, widget=LONG
    )
    dissent = forms.CharField(label=_("Dissent"), max_length=5000, required=False, widget=LONG)
    deviation = forms.CharField(
        label=_("Why the decision goes against the recommendation"),
        max_length=5000,
        required=False,
        widget=LONG,
    )
    expires = DanishDateField(
        label=_("Must have begun before"),
        required=False,
        help_text=_("Left empty, the decision holds for six months."),
    )

    def __init__(self, committees: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["committee"]
        field.queryset = committees

    def record(self) -> DecisionRecord:
        """What the service wants; a chosen body goes by its own name."""
        facts = dict(self.cleaned_data)
        if facts["committee"]:
            facts["body"] = facts["committee"].full_name
        return DecisionRecord(**facts)


class ClassificationForm(RefusableForm):
    tier = forms.ChoiceField(
        label=_("What does the AI Act say?"), choices=RiskTier, widget=forms.RadioSelect
    )
    ruleset = forms.CharField(label=_("Version of the rules"), max_length=60, help_text="ai_act@1")


class EthicsForm(RefusableForm):
    outcome = forms.ChoiceField(
        label=_("What does the committee recommend?"),
        choices=EthicsOutcome,
        widget=forms.RadioSelect,
    )
    on = DanishDateField(label=_("Date"), help_text=DATE_EXAMPLE)


class MetForm(RefusableForm):
    met = forms.BooleanField(
        label=_("I have seen that they are met"),
        required=False,
        help_text=_("Save without the tick when one no longer is."),
    )


class ConfirmForm(RefusableForm):
    """Nothing to fill in."""
