"""What the crispy pack "dkfds" asks about a field; loaded by its templates only."""

from typing import Any

from django import forms, template
from django.forms import BoundField
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()

# Most specific first: a select is also a choice widget.
CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxSelectMultiple, "form-checkbox"),
    (forms.RadioSelect, "form-radio"),
    (forms.CheckboxInput, "form-checkbox"),
    (forms.Select, "form-select"),
)


@register.filter
def field_kind(field: BoundField) -> str:
    """How a field is laid out: "options", "checkbox", "group" (of several inputs) or "input"."""
    widget = field.field.widget
    if isinstance(widget, (forms.RadioSelect, forms.CheckboxSelectMultiple)):
        return "options"
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    return "group" if isinstance(widget, forms.MultiWidget) else "input"


@register.filter
def first_input_id(field: BoundField) -> str:
    """The id that an error summary's link leads to."""
    grouped = field_kind(field) in ("options", "group")
    return f"{field.auto_id}_0" if grouped else str(field.id_for_label)


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """The field's own input, with the design system's class."""
    if isinstance(field.field.widget, forms.MultiWidget):
        return field.as_widget()
    return field.as_widget(attrs={"class": _class(field)})


def _class(field: BoundField) -> str:
    own = field.field.widget.attrs.get("class", "")
    usual = next(
        (css for kind, css in CLASSES if isinstance(field.field.widget, kind)), "form-input"
    )
    return " ".join(dict.fromkeys([usual, *own.split()]))


@register.filter
def button_class(classes: str) -> str:
    """The classes of a crispy button: ours, primary unless told otherwise."""
    own = [name for name in classes.split() if not name.startswith("btn")]
    usual = [] if any(name.startswith("button-") for name in own) else ["button-primary"]
    return " ".join(["button", *usual, *own])


@register.simple_tag
def options(field: BoundField) -> SafeString:
    """Radio buttons or tick boxes, one per choice."""
    # In Django the tick boxes are a kind of radio buttons, so they are asked for first.
    several = isinstance(field.field.widget, forms.CheckboxSelectMultiple)
    kind = "checkbox" if several else "radio"
    rows = (_option(kind, _class(field), option.data) for option in field.subwidgets)
    return format_html_join("", "{}", ((row,) for row in rows))


def _option(kind: str, css: str, option: dict[str, Any]) -> SafeString:
    attributes = {**option["attrs"], "class": css, "type": kind, "name": option["name"]}
    attributes |= {"value": str(option["value"]), "checked": bool(option["selected"])}
    return format_html(
        '<div class="form-group-{}"><input{}><label class="form-label" for="{}">{}</label></div>',
        kind,
        flatatt(attributes),
        option["attrs"].get("id", ""),
        option["label"],
    )
