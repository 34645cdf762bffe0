"""The form that takes in minutes written elsewhere."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import DanishDateField, RefusableForm


class ImportForm(RefusableForm):
    """A file, and the date when the file does not say it."""

    file = forms.FileField(
        label=_("File with minutes"),
        help_text=_("Text, Markdown, DOCX, ODT or PDF, at most 25 MB."),
        # An empty file is told about by the import, which says what to do.
        allow_empty_file=True,
    )
    day = DanishDateField(
        label=_("Date of the meeting"),
        help_text=_("Only when the file does not say it. For example 25 02 2026"),
        required=False,
    )
    again = forms.BooleanField(
        label=_("Import the file even if it has been imported before"), required=False
    )
