"""How often a committee reports."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.forms import DanishDateField, RefusableForm
from reports.services.planning import PERIODS

LONGEST_DAYS = 180


def _days(label: Any, help_text: Any = "") -> forms.IntegerField:
    return forms.IntegerField(label=label, help_text=help_text, min_value=0, max_value=LONGEST_DAYS)


class PlanForm(RefusableForm):
    recipient_name = forms.CharField(
        label=_("Whom is the report for?"),
        max_length=150,
        help_text=_("For example “Økonomiudvalget”."),
    )
    starts_on = DanishDateField(
        label=_("First day of the first period"), help_text=_("For example 01 01 2026")
    )
    months = forms.TypedChoiceField(label=_("How long is a period?"), coerce=int, initial=3)
    meets_after_days = _days(
        _("Days from the end of the period to the council's meeting"),
    )
    deadline_days = _days(_("Days before the meeting that the report must be sent"))
    draft_days = _days(
        _("Days to write"), _("The draft is begun this many days before it must be sent.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        months: Any = self.fields["months"]
        months.choices = [
            (n, ngettext("%(n)s month", "%(n)s months", n) % {"n": n}) for n in PERIODS
        ]
