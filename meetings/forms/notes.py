"""A private note as it is sent."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import RefusableForm
from meetings.anchoring import Quote


class NoteForm(RefusableForm):
    """Text, quotation or both; `note` and `version` when a note is changed."""

    text = forms.CharField(
        label=_("New note"), required=False, widget=forms.Textarea({"rows": 3}), strip=False
    )
    quote = forms.CharField(
        label=_("Highlight these words"),
        help_text=_("Copy the words exactly as they stand in the text."),
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )
    section = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    before = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)
    after = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)
    note = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def as_quote(self) -> Quote:
        data = self.cleaned_data
        return Quote(data["quote"], data["before"][-64:], data["after"][:64])


class VersionForm(forms.Form):
    """Which version of a note the reader saw."""

    version = forms.IntegerField(min_value=0)
