"""Forms of a round of written input."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import RefusableForm
from core.templatetags.ur import full_date
from meetings.enums import Access
from meetings.forms.base import DeadlineForm
from meetings.models import AgendaItem, InputRound, Meeting
from meetings.selectors.rounds import items_for_round, meetings_for_rounds


class RoundForm(DeadlineForm):
    """What is asked, of whom, until when and for which meeting."""

    title = forms.CharField(label=_("Title"), max_length=200)
    question = forms.CharField(
        label=_("What do you ask about?"), widget=forms.Textarea({"rows": 5})
    )
    asks = forms.MultipleChoiceField(
        label=_("Whom do you ask?"),
        choices=[("members", _("The members")), ("follow_group", _("The follow group"))],
        widget=forms.CheckboxSelectMultiple,
        initial=["members"],
        error_messages={"required": _("Choose whom you ask.")},
    )
    meeting = forms.ModelChoiceField(
        label=_("The meeting that gets the answers"),
        queryset=Meeting.objects.none(),
        empty_label=_("Choose a meeting"),
        help_text=_("The round ends as an attachment on its agenda."),
    )
    field_order = ["title", "question", "asks", "meeting", "due_on", "due_time"]

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["meeting"]
        field.queryset = meetings_for_rounds(user)
        field.label_from_instance = lambda meeting: (
            f"{meeting.title}, {full_date(meeting.starts_at)}"
        )

    def round_fields(self) -> dict[str, Any]:
        """What the service wants."""
        data = self.cleaned_data
        return {
            "meeting": data["meeting"],
            "title": data["title"],
            "question": data["question"],
            "asks_members": "members" in data["asks"],
            "asks_follow_group": "follow_group" in data["asks"],
            "closes_at": self.due_at(),
        }


class InputForm(RefusableForm):
    """A person's input."""

    text = forms.CharField(
        label=_("Your input"),
        widget=forms.Textarea({"rows": 12}),
        error_messages={"required": _("Write your input before you send it.")},
    )


class CloseRoundForm(RefusableForm):
    """Which item gets the answers, and who may read them."""

    item = forms.ModelChoiceField(
        label=_("The item that gets the answers"),
        queryset=AgendaItem.objects.none(),
        empty_label=_("Choose an item"),
        error_messages={"required": _("Choose the item that the answers belong to.")},
    )
    access = forms.ChoiceField(
        label=_("Who may read the answers?"),
        choices=[
            (Access.CLOSED, _("Closed: only the committee")),
            (Access.OPEN, _("Open: everybody, with the names of those who answered")),
        ],
        widget=forms.RadioSelect,
        initial=Access.CLOSED,
    )

    def __init__(self, input_round: InputRound, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["item"]
        field.queryset = items_for_round(input_round)
        # A round that nobody answered ends without an attachment.
        field.required = input_round.answers.exists()
        field.label_from_instance = lambda item: f"{item.position}. {item.title}"
