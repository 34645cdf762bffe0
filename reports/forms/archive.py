"""Choose what an archive package is to hold."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from committee.models import Committee
from core.forms import DATE_HELP, DanishDateField, RefusableForm
from meetings.enums import Edition


class PackageForm(RefusableForm):
    """Body, period and edition; only bodies and editions that the person may pack."""

    committee = forms.ModelChoiceField(label=_("Committee"), queryset=Committee.objects.none())
    period_from = DanishDateField(label=_("First day"), help_text=DATE_HELP)
    period_to = DanishDateField(label=_("Last day"), help_text=DATE_HELP)
    edition = forms.ChoiceField(label=_("Edition"), widget=forms.RadioSelect)

    def __init__(self, bodies: Any, editions: list[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["committee"].queryset = bodies  # type: ignore[attr-defined]
        words = {
            Edition.FULL: _("Full edition, with closed items: for the archive"),
            Edition.PUBLIC: _("Public edition: what citizens may read today"),
        }
        choices = [(value, words[Edition(value)]) for value in editions]
        self.fields["edition"].choices = choices  # type: ignore[attr-defined]
