"""A person's notes as a PDF, alone or after their meeting pack. Made per request, never stored."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from core.branding import palette
from core.documents import palette_css, render_pdf
from core.documents.assemble import Appendix, assemble, page_count
from core.templatetags.ur import full_date
from meetings.models import Meeting

LANGUAGE = "da"


def notes_pdf(meeting: Meeting, groups: Sequence[Any], *, owner: str, made_at: datetime) -> bytes:
    """The notes (`selectors.notes.meeting_notes`) as PDF/UA-1."""
    with translation.override(LANGUAGE):
        title = _("My notes")
        context = {
            "owner": meeting.committee.municipality.name,
            "palette_css": _colours(meeting),
            "running": {
                "body": meeting.committee.name,
                "meeting": meeting.title,
                "version": _("Private, %(day)s") % {"day": full_date(made_at)},
            },
            "kind": title,
            "meeting": meeting,
            "committee": meeting.committee,
            "writer": owner,
            "groups": groups,
        }
        return render_pdf(
            template="pdf/notes.html",
            context=context,
            title=f"{title}: {meeting.title}",
            created=made_at,
        )


def with_notes(pack: bytes, notes: bytes, meeting: Meeting, *, made_at: datetime) -> bytes:
    """The pack followed by the notes, each of their pages saying what it is."""
    with translation.override(LANGUAGE):
        pages = page_count(notes)
        lines = [
            _("My notes · page %(page)s of %(pages)s") % {"page": page, "pages": pages}
            for page in range(1, pages + 1)
        ]
        stamps = render_pdf(
            template="pdf/stamps.html",
            context={"palette_css": _colours(meeting), "body_class": "stamps", "lines": lines},
            title="",
            created=made_at,
            variant="plain",
        )
        own = Appendix(key="notes", data=notes, bookmark=_("My notes"), under="")
        return assemble(pack, [own], stamps)


def _colours(meeting: Meeting) -> str:
    return str(palette_css(palette(meeting.committee.municipality.colour)))


def notes_markdown(meeting: Meeting, groups: Sequence[Any]) -> str:
    """The notes as text that any editor opens."""
    parts = ["# " + _("My notes") + f": {meeting.title}", full_date(meeting.starts_at)]
    for group in groups:
        number = f"{group.number}. " if group.number else ""
        parts.append(f"## {number}{group.title}")
        for row in group.rows:
            parts += _row_text(row)
    return "\n\n".join(parts) + "\n"


def _row_text(row: Any) -> list[str]:
    lines = []
    if row.passage:
        lines.append(f"> {row.passage}")
    if row.quoted:
        lines.append("> " + _("As it stood when you highlighted it") + f": {row.quoted}")
    if row.state == "hidden":
        lines.append("> " + _("The highlighted text is not shown to you now."))
    return [*lines, row.note.text] if row.note.text else lines
