"""Forms of the discussion, of merging and of splitting."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import RefusableForm
from usecases.models import UseCase


class CommentForm(RefusableForm):
    """A comment. What is too long or empty the service says."""

    text = forms.CharField(
        label=_("Your comment"), required=False, widget=forms.Textarea({"rows": 3})
    )
    notify = forms.CharField(label=_("Send a mail to"), max_length=150, required=False)
    section = forms.CharField(max_length=40, required=False)
    reply_to = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1)
    shown = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1)

    def facts(self) -> dict[str, Any]:
        data = self.cleaned_data
        numbers = {key: data[key] or 0 for key in ("reply_to", "shown")}
        return {key: data[key] for key in ("text", "notify", "section")} | numbers


class EditCommentForm(RefusableForm):
    text = forms.CharField(
        label=_("Your comment"), required=False, widget=forms.Textarea({"rows": 5})
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)


class RemoveCommentForm(RefusableForm):
    """Who takes away one's own need not say why."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("It stands where the comment was."),
    )

    def __init__(self, *args: Any, is_own: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_own:
            del self.fields["reason"]


class SeenForm(forms.Form):
    shown = forms.IntegerField(min_value=0, max_value=2**31 - 1)


class MergeForm(RefusableForm):
    into = forms.TypedChoiceField(
        label=_("Merge it into"),
        coerce=int,
        help_text=_("The discussion goes on there. This proposal keeps its address and its text."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Those who follow the proposals read it."),
    )

    def __init__(self, choices: list[UseCase], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["into"]
        rows = [(one.pk, f"{one.number} {one.title}") for one in choices]
        field.choices = [("", _("Choose")), *rows]


class SplitForm(RefusableForm):
    title = forms.CharField(label=_("Title of the new proposal"), max_length=100)
    problem = forms.CharField(
        label=_("The problem it is about"),
        max_length=2500,
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("Left empty, it begins with the text of this proposal."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("It is kept with both proposals."),
    )
