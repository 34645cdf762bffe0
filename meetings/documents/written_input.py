"""“Samlet skriftligt input”: the answers of a round, with names, roles and times."""

from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core.branding import palette
from core.documents import palette_css, pdf_prose, render_pdf
from core.templatetags.ur import clock, full_date
from meetings.models import InputRound
from meetings.selectors.rounds import Asked, asked_people

LANGUAGE = "da"


def written_input_title() -> str:
    """The attachment's title, in the language of the documents."""
    with translation.override(LANGUAGE):
        return _("Collected written input")


def written_input_pdf(row: InputRound) -> bytes:
    """The answers as PDF/UA-1; the same answers always give the same bytes."""
    with translation.override(LANGUAGE):
        context = _context(row, asked_people(row))
        return render_pdf(
            template="pdf/written_input.html",
            context=context,
            title=f"{written_input_title()}: {row.title}",
            created=row.closed_at or timezone.now(),
        )


def _context(row: InputRound, people: list[Asked]) -> dict[str, Any]:
    committee = row.committee
    answered = [person for person in people if person.answer]
    return {
        "owner": committee.municipality.name,
        "palette_css": palette_css(palette(committee.municipality.colour)),
        "running": {"body": committee.name, "meeting": row.title, "version": _version(row)},
        "kind": written_input_title(),
        "round": row,
        "committee": committee,
        "question": pdf_prose(row.question, under=2),
        "answers": [_answer(person) for person in answered],
        "asked": len(people),
        "silent": [person.user.name for person in people if not person.answer],
    }


def _version(row: InputRound) -> str:
    closed = row.closed_at or timezone.now()
    return _("Closed %(day)s %(time)s") % {"day": full_date(closed), "time": clock(closed)}


def _answer(person: Asked) -> dict[str, Any]:
    answer = person.answer
    return {
        "name": person.user.name,
        "role": person.role,
        "at": answer.saved_at if answer else None,
        "text": pdf_prose(answer.text if answer else "", under=2),
    }
