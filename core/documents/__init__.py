"""PDFs: rendered behind a locked door, tagged, in Danish, the same bytes for the same input.

Nothing here knows what a meeting is. An app prepares a context, names a template below
`templates/pdf/` and calls `render_pdf`.
"""

from core.documents.palette import Palette, palette_css
from core.documents.prose import pdf_prose
from core.documents.render import DocumentError, Embedded, render_pdf
from core.documents.validation import validate_ua

__all__ = [
    "DocumentError",
    "Embedded",
    "Palette",
    "palette_css",
    "pdf_prose",
    "render_pdf",
    "validate_ua",
]
