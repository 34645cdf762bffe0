"""Forms of the approval of minutes and of what can happen after the lock."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import RefusableForm
from meetings.enums import ApprovalAnswer

WHOLE = _("The minutes as a whole")


class ItemForm(RefusableForm):
    """Something about one item, or about all of it."""

    item = forms.ChoiceField(label=_("What it is about"), required=False)

    def __init__(self, *args: Any, items: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found = {str(item.pk): item for item in items}
        self.fields["item"].choices = [  # type: ignore[attr-defined]
            ("", WHOLE),
            *((str(item.pk), f"{item.position}. {item.title}") for item in items),
        ]

    @property
    def chosen(self) -> Any:
        """The item, or None for the whole."""
        return self.found.get(self.cleaned_data["item"])


class AnswerMinutesForm(ItemForm):
    """One of three answers, with words for two of them."""

    answer = forms.ChoiceField(
        label=_("Your answer"),
        choices=[
            (ApprovalAnswer.APPROVE, _("I approve the minutes")),
            (ApprovalAnswer.RESERVATION, _("I approve with a reservation")),
            (ApprovalAnswer.CORRECTION, _("I ask for a correction")),
        ],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("Your reservation, or what is to be corrected"),
        required=False,
        widget=forms.Textarea({"rows": 5}),
        help_text=_(
            "A reservation stands in the minutes with your name. A correction is read by the "
            "secretariat and the chair only."
        ),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    field_order = ["answer", "item", "text", "version"]


class ReplyForm(RefusableForm):
    accepted = forms.TypedChoiceField(
        label=_("Your answer"),
        choices=[("yes", _("It is corrected")), ("no", _("It is not corrected"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("What you answer the member"), widget=forms.Textarea({"rows": 3})
    )


class AdditionForm(ItemForm):
    """A numbered addition to locked minutes."""

    text = forms.CharField(
        label=_("Addition"),
        widget=forms.Textarea({"rows": 5}),
        help_text=_("What was locked stays as it is. The addition stands under it."),
    )
    public_text = forms.CharField(
        label=_("What citizens read instead"),
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Needed for a closed item, and for the whole when something is closed."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=300)
    field_order = ["item", "text", "public_text", "reason"]
