"""A figure in a template: from a report's kept data or from the figure itself."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from core.branding import Palette
from reports.charts import Chart, from_dict

register = template.Library()


@register.filter
def as_figure(value: Chart | dict[str, Any]) -> Chart:
    """A figure that a report keeps as data, or the figure as it is."""
    return value if isinstance(value, Chart) else from_dict(value)


@register.simple_tag(takes_context=True)
def pdf_drawing(context: template.Context, figure: Chart) -> SafeString:
    """The drawing in the colours of the context's `palette`; in the standard ones without."""
    found = context.get("palette")
    return figure.svg(found if isinstance(found, Palette) else None)
