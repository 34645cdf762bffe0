"""Forms of scoring and of the rounds."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.forms import ClockField, DanishDateField, RefusableForm
from usecases.forms.moves import DATE_EXAMPLE
from usecases.models import CaseScore, UseCase
from usecases.ranking import KEYS, Ranking


class ScoreForm(RefusableForm):
    """The three scales with their anchors, and why."""

    def __init__(self, scales: Ranking, last: CaseScore | None, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        for scale in scales.scales:
            self.fields[scale.key] = forms.TypedChoiceField(
                label=scale.label,
                help_text=scale.question,
                choices=scale.choices,
                coerce=int,
                widget=forms.RadioSelect,
                initial=getattr(last, scale.key, None),
            )
        self.fields["reason"] = forms.CharField(
            label=_("Why?"),
            max_length=2500,
            widget=forms.Textarea({"rows": 4}),
            help_text=_("The members read it. Earlier scores stay in the history."),
        )

    def scores(self) -> dict[str, int]:
        return {key: self.cleaned_data[key] for key in KEYS}


class CasesField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.number} {obj.title}"


class RankingRoundForm(RefusableForm):
    """A round over chosen cases."""

    title = forms.CharField(label=_("What should the round be called?"), max_length=120)
    votes_each = forms.IntegerField(label=_("Votes to each member"), initial=5)
    most_per_case = forms.IntegerField(label=_("At most on one proposal"), initial=3)
    closes_on = DanishDateField(label=_("Closes on"), help_text=DATE_EXAMPLE)
    closes_time = ClockField(label=_("Closes at"))
    cases = CasesField(
        label=_("Which proposals is it about?"),
        queryset=UseCase.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, cases: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["cases"]
        # The list is cut off; what is chosen is looked up among all of it.
        shown = list(cases)
        field.queryset = UseCase.objects.filter(pk__in=[case.pk for case in shown])
        field.choices = [(case.pk, field.label_from_instance(case)) for case in shown]

    def closes_at(self) -> datetime:
        day, clock = self.cleaned_data["closes_on"], self.cleaned_data["closes_time"]
        return timezone.make_aware(datetime.combine(day, clock))
