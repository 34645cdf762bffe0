"""Forms of the committee's pages: parse and validate, nothing else."""

from typing import Any

from allauth.account import forms as account
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committee.enums import DeliverableStatus
from committee.models import Deliverable
from committee.services import NewEvidence, check_address
from core.forms import DanishDateField, PlainMessages
from core.verdicts import Refused


class DeliverableForm(PlainMessages, forms.Form):
    """Where a deliverable stands and, if there is something new, where one can see it."""

    status = forms.ChoiceField(
        label=_("Status"), choices=DeliverableStatus.choices, widget=forms.RadioSelect
    )
    title = forms.CharField(
        label=_("What can one see?"),
        max_length=200,
        required=False,
        help_text=_("For example the minutes of a meeting or a document"),
    )
    url = forms.CharField(
        label=_("Link"),
        max_length=500,
        required=False,
        help_text=_("An address that begins with https:// or, for a page here, with /"),
    )
    on = DanishDateField(label=_("Date"), required=False)

    def __init__(self, *args: Any, deliverable: Deliverable, **kwargs: Any) -> None:
        initial = {"status": deliverable.status, "on": timezone.localdate()}
        super().__init__(*args, initial=initial, **kwargs)

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"].strip()
        if url:
            try:
                check_address(url)
            except Refused as refused:
                raise ValidationError(str(refused.reason)) from refused
        return url

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("title") and not data.get("url") and "url" not in self.errors:
            self.add_error("url", _("Write the address where one can see it"))
        if data.get("url") and not data.get("title"):
            self.add_error("title", _("Write what the link shows"))
        return data

    @property
    def evidence(self) -> NewEvidence | None:
        """The new evidence, when something was written."""
        data = self.cleaned_data
        if not data["title"]:
            return None
        return NewEvidence(data["title"], data["url"], data["on"] or timezone.localdate())


class LoginForm(account.LoginForm):
    """allauth's, with its hint as a label: a placeholder is gone when one begins to write."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Username or e-mail")
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
