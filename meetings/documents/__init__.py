"""The PDFs of a meeting, made from its snapshot alone."""

from meetings.documents.pack import pack_pdf
from meetings.documents.single import agenda_pdf, minutes_pdf

__all__ = ["agenda_pdf", "minutes_pdf", "pack_pdf"]
