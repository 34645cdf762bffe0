"""What the forms between meetings share."""

from datetime import date, datetime, time
from typing import Self

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.forms import ClockField, DanishDateField, RefusableForm
from core.verdicts import Refused


class DeadlineForm(RefusableForm):
    """A day and a time that together are a deadline."""

    due_on = DanishDateField(label=_("Deadline"), help_text=_("For example 25 02 2026"))
    due_time = ClockField(
        label=_("Time of day"), help_text=_("For example 12.00"), initial=time(12, 0)
    )

    @classmethod
    def at(cls, moment: datetime) -> Self:
        """The form as it is proposed."""
        due = timezone.localtime(moment)
        return cls(initial={"due_on": due.date(), "due_time": due.time()})

    def due_at(self) -> datetime:
        """The deadline in the municipality's time."""
        day: date = self.cleaned_data["due_on"]
        return timezone.make_aware(datetime.combine(day, self.cleaned_data["due_time"]))

    def refuse(self, error: Refused) -> None:
        if error.field == "closes_on":
            error = Refused(error.reason, "due_on")
        super().refuse(error)
