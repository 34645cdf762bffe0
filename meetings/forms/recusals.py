"""Forms of the question whether a member is disqualified."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.forms import ClockField, RefusableForm
from meetings.enums import DisqualificationGround
from meetings.models import Meeting, OutOfRoom

GROUND_CHOICES = [("", _("I do not know")), *DisqualificationGround.choices]


class GroundsForm(RefusableForm):
    """Why a member may be disqualified."""

    grounds = forms.CharField(
        label=_("What is your connection to the case?"),
        help_text=_("Write briefly, for example that you are employed by one of the parties."),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
    )
    ground = forms.ChoiceField(
        label=_("Which ground of forvaltningsloven § 3, stk. 1?"),
        help_text=_("Leave it open if you are in doubt. The committee decides."),
        choices=GROUND_CHOICES,
        required=False,
    )


class RaiseForm(RefusableForm):
    """About whom, and why."""

    member = forms.TypedChoiceField(label=_("Who is it about?"), coerce=int)
    grounds = forms.CharField(
        label=_("What is the member's connection to the case?"),
        help_text=_(
            "Write briefly and to the point. The member and the chair are told; "
            "the members read it in the meeting and in their minutes, citizens never do."
        ),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
    )
    ground = GroundsForm.base_fields["ground"]
    own = forms.BooleanField(label=_("The member told us about it themselves"), required=False)

    def __init__(self, *args: Any, members: list[Any], tells: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].choices = [(m.pk, m.name) for m in members]  # type: ignore[attr-defined]
        if not tells:
            del self.fields["own"]


class TimesForm(RefusableForm):
    """When the member left the room and came back."""

    left = ClockField(label=_("Left the room"), required=False)
    returned = ClockField(label=_("Came back"), required=False)

    @classmethod
    def of(cls, row: OutOfRoom | None) -> "TimesForm":
        """The form filled in with what is recorded; empty for a time that is not."""
        if row is None:
            return cls(auto_id="new-%s")
        times = {"left": _time(row.left_at), "returned": _time(row.returned_at)}
        return cls(initial=times, auto_id=f"out-{row.pk}-%s")

    def moments(self, meeting: Meeting) -> tuple[datetime | None, datetime | None]:
        """The two times on the day of the meeting."""
        day = timezone.localtime(meeting.held_from or meeting.starts_at).date()
        left, returned = (
            timezone.make_aware(datetime.combine(day, at)) if at else None
            for at in (self.cleaned_data["left"], self.cleaned_data["returned"])
        )
        return left, returned


def _time(moment: datetime | None) -> Any:
    return timezone.localtime(moment).time() if moment else None
