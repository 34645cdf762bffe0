"""A figure in a template: from a report's kept data or from the figure itself."""

import re
from typing import Any

from django import template
from django.utils.safestring import SafeString

from core.branding import Palette, palette
from reports.charts import Chart, from_dict

register = template.Library()
BRAND = re.compile(r"--brand:(#[0-9a-fA-F]{6})")


@register.filter
def as_figure(value: Chart | dict[str, Any]) -> Chart:
    """A figure that a report keeps as data, or the figure as it is."""
    return value if isinstance(value, Chart) else from_dict(value)


@register.simple_tag(takes_context=True)
def pdf_drawing(context: template.Context, figure: Chart) -> SafeString:
    """The drawing in the colours of the document: SVG in a PDF knows no stylesheet around it."""
    return figure.svg(_palette(str(context.get("palette_css", ""))))


def _palette(css: str) -> Palette | None:
    found = BRAND.search(css)
    return palette(found.group(1)) if found else None
