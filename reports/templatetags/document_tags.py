"""What templates of documents ask for."""

from django import template
from django.utils.safestring import SafeString

from core.documents import pdf_prose

register = template.Library()


@register.filter
def document_prose(value: str | None, under: int = 3) -> SafeString:
    """A stored text where it stands below a heading of level `under`."""
    return pdf_prose(value or "", under=under)
