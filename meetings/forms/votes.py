"""Forms of motions and dissenting opinions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import RefusableForm
from meetings.enums import MotionKind


class MotionForm(RefusableForm):
    """What a member proposes."""

    kind = forms.ChoiceField(label=_("Kind of motion"), choices=MotionKind.choices)
    proposer = forms.TypedChoiceField(label=_("Proposed by"), coerce=int)
    text = forms.CharField(
        label=_("Text"),
        widget=forms.Textarea({"rows": 4}),
        help_text=_(
            "An amendment holds the whole text as it would then read; "
            "an addition only what is added."
        ),
    )

    def __init__(self, *args: Any, members: list[Any], kinds: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["proposer"].choices = [(m.pk, m.name) for m in members]  # type: ignore[attr-defined]
        if not self.is_bound:
            self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
