"""Small helpers of the ranking's pages."""

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.simple_tag
def share(part: int, whole: int) -> int:
    """Percent, as an SVG attribute wants it."""
    return round(100 * part / whole) if whole else 0


@register.simple_tag
def typed_or(typed: Mapping[str, str], field: str, saved: Any) -> Any:
    """What was typed and refused comes before what is saved."""
    return typed.get(field, saved)
