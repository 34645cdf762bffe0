"""Which agenda a report is put on."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import RefusableForm
from core.templatetags.ur import full_date
from meetings.models import Meeting


class _MeetingField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Meeting) -> str:
        return f"{obj.committee.name}: {obj.title}, {full_date(obj.starts_at)}"


class ItemForm(RefusableForm):
    meeting = _MeetingField(
        label=_("Which meeting?"),
        queryset=Meeting.objects.none(),
        help_text=_("Meetings whose agenda is still a draft and that you prepare."),
    )
    minutes = forms.IntegerField(
        label=_("Minutes on the agenda"), min_value=1, max_value=480, initial=20
    )

    def __init__(self, meetings: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["meeting"]
        field.queryset = meetings
