"""The form that takes in a file with cases."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.files.errors import BadFile
from core.forms import RefusableForm
from usecases.exchange.reading import check_size


class CaseImportForm(RefusableForm):
    """A file, and what may be lacking in it."""

    file = forms.FileField(
        label=_("File with cases"),
        help_text=_("CSV, XLSX or JSON, at most 20 MB. The first row has the names of columns."),
        allow_empty_file=True,
    )
    allow_unplaced = forms.BooleanField(
        label=_("Rows without a municipality may come in"), required=False
    )
    is_example = forms.BooleanField(
        label=_("Mark the cases as examples, not as the municipality's own"), required=False
    )

    def clean_file(self) -> Any:
        """Only the size is looked at here; of a file that is too big there is nothing else."""
        upload = self.cleaned_data["file"]
        try:
            check_size(upload.size)
        except BadFile as bad:
            raise forms.ValidationError(str(bad)) from bad
        return upload
