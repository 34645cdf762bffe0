"""The public form. One page, five fields, and one that only machines fill in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import RefusableForm

TRAP = "website"


class CitizenForm(RefusableForm):
    """A proposal from somebody who does not log in."""

    title = forms.CharField(
        label=_("What should the proposal be called?"),
        max_length=100,
        help_text=_("For example “Answers about opening hours at night”."),
    )
    problem = forms.CharField(
        label=_("What is the problem?"),
        max_length=2500,
        widget=forms.Textarea({"rows": 5}),
        help_text=_("Write nothing private about yourself or others."),
    )
    helps = forms.CharField(
        label=_("Whom would it help?"), max_length=1000, widget=forms.Textarea({"rows": 3})
    )
    name = forms.CharField(
        label=_("Your name"), max_length=150, widget=forms.TextInput({"autocomplete": "name"})
    )
    email = forms.CharField(
        label=_("Your e-mail"),
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email", "inputmode": "email"}),
        help_text=_("We send a link to it, so that we know that the proposal is yours."),
    )

    @property
    def is_trapped(self) -> bool:
        """Somebody has filled in the field that people do not see."""
        return bool(self.data.get(TRAP, "").strip()) if self.is_bound else False
