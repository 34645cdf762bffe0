"""Forms of the register: a view's name, and what an act on many cases asks for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import DanishDateField, RefusableForm
from usecases.filters import choices
from usecases.forms.moves import DATE_EXAMPLE
from usecases.forms.record import BLANK
from usecases.models.views import LONGEST_NAME

ACTS = {
    "take_up": _("Take up for assessment"),
    "park": _("Park"),
    "field": _("Set field of work"),
    "target_group": _("Set target group"),
    "municipality": _("Set municipality"),
}


class ViewForm(RefusableForm):
    name = forms.CharField(label=_("Name of the view"), max_length=LONGEST_NAME)
    is_shared = forms.BooleanField(
        label=_("Share with colleagues by its link"),
        required=False,
        help_text=_("They see only the proposals that they may read themselves."),
    )


class BulkForm(RefusableForm):
    """The facts that one act asks for, and no others."""

    def __init__(self, act: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if act == "park":
            self.fields["reason"] = forms.CharField(
                label=_("Reason"), max_length=2500, widget=forms.Textarea({"rows": 4})
            )
            self.fields["revisit_on"] = DanishDateField(
                label=_("Look at it again"), help_text=DATE_EXAMPLE
            )
        elif act != "take_up":
            self.fields["value"] = forms.ChoiceField(
                label=ACTS[act], choices=[BLANK, *choices(act).items()]
            )
