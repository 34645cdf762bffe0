"""The one small form of the live meeting."""

from datetime import datetime

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
        """The time on the day of the meeting; None for now."""
        at = self.cleaned_data["at"]
        if not at:
            return None
        day = timezone.localtime(meeting.held_from or meeting.starts_at).date()
        return timezone.make_aware(datetime.combine(day, at))
