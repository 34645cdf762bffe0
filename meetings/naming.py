"""File names of a meeting's documents."""

from django.utils.timezone import localtime

from meetings.enums import DocumentKind, Edition
from meetings.models import Meeting

NAMES = {
    DocumentKind.AGENDA: "dagsorden",
    DocumentKind.PACK: "moedepakke",
    DocumentKind.MINUTES: "referat",
}


def document_filename(meeting: Meeting, kind: str, edition: str) -> str:
    """A name that sorts and says what it is; never anything from an item."""
    day = localtime(meeting.starts_at).date().isoformat()
    mark = "-offentlig" if edition == Edition.PUBLIC else ""
    return f"{day}-{meeting.committee.slug}-{NAMES[DocumentKind(kind)]}{mark}.pdf"
