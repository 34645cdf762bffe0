"""Forms of reports."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import DanishDateField, RefusableForm
from reports.content.texts import COMMENT, FIELDS
from reports.enums import ReportKind
from reports.models import Report

SEPARATOR = "__"


def long_text(label: Any, rows: int, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea({"rows": rows}), **more)


class NewReportForm(RefusableForm):
    """What it is, whom it is for, and which period."""

    kind = forms.ChoiceField(
        label=_("What sort of report?"),
        choices=ReportKind,
        initial=ReportKind.STATUS,
        widget=forms.RadioSelect,
    )
    recipient_name = forms.CharField(
        label=_("Whom is the report for?"),
        max_length=150,
        help_text=_("For example “Økonomiudvalget”."),
    )
    period_from = DanishDateField(label=_("First day of the period"))
    period_to = DanishDateField(label=_("Last day of the period"))
    due_on = DanishDateField(label=_("To be sent by"), required=False)
    meets_on = DanishDateField(label=_("Treated at the meeting on"), required=False)


class DatesForm(RefusableForm):
    recipient_name = forms.CharField(label=_("Whom is the report for?"), max_length=150)
    due_on = DanishDateField(label=_("To be sent by"), required=False)
    meets_on = DanishDateField(label=_("Treated at the meeting on"), required=False)


class TextsForm(RefusableForm):
    """Headline, foreword and requests, and a comment for each section."""

    headline = forms.CharField(
        label=_("Headline"),
        max_length=200,
        required=False,
        help_text=_("One sentence that says how it stands."),
    )
    foreword = long_text(
        _("Foreword"),
        6,
        required=False,
        help_text=_("A few lines. The figures follow by themselves."),
    )
    requests = long_text(
        _("What the committee asks for"),
        5,
        required=False,
        help_text=_("One point on each line: 1) 2)"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, report: Report, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for part in report.content.get("sections", []):
            name = f"{COMMENT}{part['key']}".replace(".", SEPARATOR)
            label = _("Comment on “%(heading)s”") % {"heading": part["heading"]}
            self.fields[name] = long_text(label, 2, required=False)
        for field in self.fields.values():
            # Not optional, only not needed before it goes to approval.
            field.can_wait = True  # type: ignore[attr-defined]

    def texts(self) -> dict[str, str]:
        """The texts that were sent, by the keys of the service."""
        data = {key: text for key, text in self.cleaned_data.items() if key != "version"}
        return {key.replace(SEPARATOR, "."): text for key, text in data.items() if key in self.data}


class RecipientForm(RefusableForm):
    name = forms.CharField(label=_("Name"), max_length=150)
    email = forms.EmailField(label=_("E-mail"))


class BounceForm(RefusableForm):
    words = forms.CharField(
        label=_("What did the mail that came back say?"),
        max_length=500,
        help_text=_("For example “Mailbox full”."),
    )


TEXT_FIELDS = FIELDS
