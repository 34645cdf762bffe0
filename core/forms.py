"""Form fields as Danish readers write them, and what the dkfds template pack needs to know."""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date, time
from typing import Any, TypeVar

from django import forms
from django.utils.translation import gettext_lazy as _

from core.verdicts import YES, NotAllowed, Refused, StaleState, Verdict

DATE = re.compile(r"(?P<day>\d{1,2})[.\-/ ]+(?P<month>\d{1,2})[.\-/ ]+(?P<year>\d{4})")
ISO_DATE = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})")
CLOCK = re.compile(r"(?:kl\.?\s*)?(?P<hour>\d{1,2})(?:[.:]?(?P<minute>\d{2}))?", re.IGNORECASE)
DATE_HELP = _("Write the date with day, month and year, for example 25 02 2026")
CLOCK_HELP = _("Write the time with hours and minutes, for example 17.00")
Done = TypeVar("Done")
CHOICES = (forms.ChoiceField, forms.ModelChoiceField)


class PlainMessages:
    """Mixin for forms: errors say what to do, and the browser's own bubbles stay away."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():  # type: ignore[attr-defined]
            if "required" not in _own_messages(field):
                field.error_messages["required"] = required_message(field, name)


class RefusableForm(PlainMessages, forms.Form):
    """A form that shows why something cannot be done above what was typed, which stays there."""

    stopped = 0

    def is_ready(self, verdict: Verdict = YES) -> bool:
        """Is it sent, by one who may, and filled in as it must be?

        Before it is sent, a no is raised as `NotAllowed`; afterwards the form shows it.
        """
        if not self.is_bound:
            verdict.require()
            return False
        if not verdict:
            self.stop(NotAllowed(verdict.reason))
        return self.is_valid()

    def attempt(self, act: Callable[[], Done]) -> Done | None:
        """Do it with what was typed: what came of it, or nothing when the form says why not."""
        try:
            return act()
        except Refused as refusal:
            self.refuse(refusal)
        except (NotAllowed, StaleState) as refusal:
            self.stop(refusal)
        return None

    def carries_out(self, act: Callable[[], Any]) -> bool:
        """The same, for what comes of nothing that is used afterwards."""
        return bool(self.attempt(lambda: [act()]))

    def refuse(self, error: Refused) -> None:
        """Show a service's refusal beside the field it is about."""
        self.add_error(error.field if error.field in self.fields else None, str(error.reason))

    def stop(self, error: NotAllowed | StaleState) -> int:
        """Show above what was typed why it can no longer be saved; returns the answer's status."""
        self.add_error(None, str(error.reason))
        self.stopped = 409 if isinstance(error, StaleState) else 403
        return self.stopped

    @property
    def status(self) -> int:
        """The status of the answer that shows the form."""
        return self.stopped or (422 if self.errors else 200)


def _own_messages(field: forms.Field) -> dict[str, Any]:
    """The messages that differ from Django's, whether set on the field or on its class."""
    usual = forms.Field.default_error_messages
    return {
        code: text
        for code, text in field.error_messages.items()
        if code not in usual or str(text) != str(usual[code])
    }


def required_message(field: forms.Field, name: str) -> Any:
    label = field.label or name.replace("_", " ").capitalize()
    if isinstance(field, CHOICES):
        text = _("Choose under “%(label)s”")
    elif isinstance(field, forms.FileField):
        text = _("Choose a file under “%(label)s”")
    elif isinstance(field, forms.BooleanField):
        text = _("Tick “%(label)s”")
    else:
        text = _("Fill in “%(label)s”")
    return text % {"label": label}


class DateGroupWidget(forms.MultiWidget):
    """Day, month and year in three fields. A whole date under the plain name is taken too."""

    template_name = "dkfds/widgets/date_group.html"
    use_fieldset = True
    parts = (("day", _("Day"), 2), ("month", _("Month"), 2), ("year", _("Year"), 4))

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        usual = {"inputmode": "numeric", "autocomplete": "off", "class": "form-input"}
        widgets: dict[str, forms.Widget | type[forms.Widget]] = {
            name: forms.TextInput({**usual, "maxlength": length, **(attrs or {})})
            for name, _label, length in self.parts
        }
        super().__init__(widgets)

    def decompress(self, value: Any) -> list[str]:
        if isinstance(value, date):
            return [f"{value.day:02}", f"{value.month:02}", str(value.year)]
        found = _date_match(value or "")
        if found:
            return [found["day"], found["month"], found["year"]]
        pieces = (value or "").split(".")
        return pieces if len(pieces) == len(self.parts) else [value or "", "", ""]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        subwidgets = context["widget"]["subwidgets"]
        for subwidget, (part, label, _length) in zip(subwidgets, self.parts, strict=True):
            subwidget.update(part=part, label=label)
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:  # type: ignore[override]
        if data.get(name):
            return str(data[name]).strip()
        pieces = [str(data.get(f"{name}_{part}", "")).strip() for part, *_rest in self.parts]
        return ".".join(pieces) if any(pieces) else ""

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data and super().value_omitted_from_data(data, files, name)


def _date_match(text: str) -> re.Match[str] | None:
    return DATE.fullmatch(text.strip()) or ISO_DATE.fullmatch(text.strip())


class DanishDateField(forms.Field):
    """A date written as day, month, year."""

    widget = DateGroupWidget
    default_error_messages = {"required": DATE_HELP, "invalid": DATE_HELP}

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, date):
            return value
        found = _date_match(str(value))
        if found is not None:
            with suppress(ValueError):  # there is no 31 February
                return date(int(found["year"]), int(found["month"]), int(found["day"]))
        raise forms.ValidationError(self.error_messages["invalid"], code="invalid")

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data)
        except forms.ValidationError:
            return True


class ClockField(forms.Field):
    """A time of day: 17.00, 17:00, 1700 or 17."""

    widget = forms.TextInput(
        {"inputmode": "decimal", "autocomplete": "off", "size": 5, "class": "ur-clock"}
    )
    default_error_messages = {"required": CLOCK_HELP, "invalid": CLOCK_HELP}

    def prepare_value(self, value: Any) -> Any:
        return value.strftime("%H.%M") if isinstance(value, time) else value

    def to_python(self, value: Any) -> time | None:
        if value in self.empty_values:
            return None
        if isinstance(value, time):
            return value
        found = CLOCK.fullmatch(str(value).strip())
        if found is not None:
            with suppress(ValueError):  # there is no 25 o'clock
                return time(int(found["hour"]), int(found["minute"] or 0))
        raise forms.ValidationError(self.error_messages["invalid"], code="invalid")

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data)
        except forms.ValidationError:
            return True
