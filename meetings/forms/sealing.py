"""The form that asks whether a PDF is a sealed document."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.files.errors import readable_size, sentence
from core.files.kinds import MAX_BYTES
from core.forms import PlainMessages
from meetings.selectors.sealing import find_sealed

EMPTY = _("The file is empty. Fetch the document again and try with that.")
NOT_A_PDF = _("The file is not a PDF. Only the PDF itself can be checked.")
LOCKED = _(
    "The PDF is protected with a password. Our documents never are, so fetch it again from the "
    "municipality and try with that."
)
TOO_BIG = _("The file is %(size)s. It may be at most %(limit)s.")


class VerifyForm(PlainMessages, forms.Form):
    """One PDF. It is compared and forgotten."""

    file = forms.FileField(
        label=_("PDF to check"),
        help_text=_("At most 25 MB. The file is not kept."),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
    )

    def clean_file(self) -> bytes:
        """The bytes. The file is never parsed here: anybody may send anything."""
        upload: Any = self.cleaned_data["file"]
        if upload.size == 0:
            raise forms.ValidationError(EMPTY)
        if upload.size > MAX_BYTES:
            facts = {"size": readable_size(upload.size), "limit": readable_size(MAX_BYTES)}
            raise forms.ValidationError(str(sentence(TOO_BIG, **facts)))
        data = bytes(upload.read())
        if b"%PDF-" not in data[:1024]:
            raise forms.ValidationError(NOT_A_PDF)
        # An encrypted file names its key beside the table of objects, which is never packed.
        # The same word may stand in a text of ours: what is sealed is known by all its bytes.
        if b"/Encrypt" in data and not find_sealed(data):
            raise forms.ValidationError(LOCKED)
        return data
