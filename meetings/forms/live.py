"""The one small form of the live meeting."""

from datetime import datetime, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.forms import ClockField, PlainMessages
from meetings.models import Meeting


class PresenceForm(PlainMessages, forms.Form):
    """Who came or left, and when; without a time it is now."""

    member = forms.IntegerField(widget=forms.HiddenInput)
    move = forms.ChoiceField(choices=[("come", _("Came")), ("leave", _("Left"))])
    at = ClockField(label=_("Time"), required=False)

    def moment(self, meeting: Meeting) -> datetime | None:
        """The last time since the meeting's day began at which the clock showed this; None for now.

        After midnight that is today, and in the night when the clock is set back the later one.
        """
        at = self.cleaned_data["at"]
        if not at:
            return None
        day = timezone.localtime(meeting.held_from or meeting.starts_at).date()
        zone = timezone.get_current_timezone()
        shown = [
            datetime.combine(date, at, tzinfo=zone).replace(fold=fold)
            for date in (day, day + timedelta(days=1))
            for fold in (0, 1)
        ]
        past = [moment for moment in shown if moment.timestamp() <= timezone.now().timestamp()]
        return past[-1] if past else shown[0]
