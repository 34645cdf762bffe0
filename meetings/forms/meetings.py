"""Forms that plan a meeting."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.forms import ClockField, DanishDateField, PlainMessages, RefusableForm
from meetings.enums import AttendanceStatus, MeetingKind
from meetings.models import Meeting


class MeetingForm(PlainMessages, forms.Form):
    """When, where and what sort of meeting."""

    kind = forms.ChoiceField(label=_("Kind of meeting"), choices=MeetingKind.choices)
    day = DanishDateField(label=_("Date"), help_text=_("For example 25 02 2026"))
    begins = ClockField(label=_("Begins"), help_text=_("For example 17.00"))
    ends = ClockField(label=_("Ends"), help_text=_("For example 20.00"))
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    online_link = forms.URLField(label=_("Online link"), required=False, assume_scheme="https")
    title = forms.CharField(
        label=_("Title"),
        max_length=200,
        required=False,
        help_text=_("Leave it empty, and the meeting is named by its number."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        day, begins, ends = data.get("day"), data.get("begins"), data.get("ends")
        if day and begins and ends:
            if ends <= begins:
                self.add_error("ends", _("The meeting must end after it begins."))
            data["starts_at"] = timezone.make_aware(datetime.combine(day, begins))
            data["ends_at"] = timezone.make_aware(datetime.combine(day, ends))
        return data

    def meeting_fields(self) -> dict[str, Any]:
        """What the services want."""
        names = ("kind", "starts_at", "ends_at", "place", "online_link", "title")
        return {name: self.cleaned_data[name] for name in names}


class ChangeMeetingForm(MeetingForm):
    version = forms.IntegerField(widget=forms.HiddenInput)

    @classmethod
    def of(cls, meeting: Meeting) -> "ChangeMeetingForm":
        """The form filled in with the meeting as it stands."""
        starts, ends = timezone.localtime(meeting.starts_at), timezone.localtime(meeting.ends_at)
        return cls(
            initial={
                "kind": meeting.kind,
                "day": starts.date(),
                "begins": starts.time(),
                "ends": ends.time(),
                "place": meeting.place,
                "online_link": meeting.online_link,
                "title": meeting.title,
                "version": meeting.version,
            }
        )

    def meeting_fields(self) -> dict[str, Any]:
        fields = super().meeting_fields()
        # An emptied title would leave the meeting without a name.
        return fields if fields["title"] else {k: v for k, v in fields.items() if k != "title"}


class ReasonForm(RefusableForm):
    """A reason that others will read."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea({"rows": 3}))


class AnswerForm(RefusableForm):
    """A member's answer to the invitation."""

    coming = forms.TypedChoiceField(
        label=_("Are you coming?"),
        choices=[("yes", _("Yes, I am coming")), ("no", _("No, I send my apology"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("Message to the secretariat"), max_length=200, required=False)


def attendance_from(data: Any, member_ids: list[int]) -> dict[int, tuple[str, str]]:
    """The statuses and notes posted for the members; unknown statuses are left out."""
    rows = {}
    for pk in member_ids:
        status = data.get(f"status-{pk}", "")
        if status in AttendanceStatus.values:
            rows[pk] = (status, data.get(f"note-{pk}", "").strip()[:200])
    return rows
