"""The hidden token that makes a double click one act (see `core.once`)."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.once import FIELD, new_token

register = template.Library()


@register.simple_tag
def once() -> SafeString:
    """The hidden field, to stand inside a POST form."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, new_token())
