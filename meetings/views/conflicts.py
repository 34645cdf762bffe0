"""Two have written in the same text: show before, mine and theirs, and one proposal."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from core.diffs import Piece, word_diff
from core.htmx import render_page
from meetings.models import AgendaItem
from meetings.services.texts import Conflict, Saved
from meetings.views.meetings import meeting_trail


@dataclass(frozen=True)
class Shown:
    """A conflict with the differences marked word by word."""

    conflict: Conflict
    heading: str
    mine: list[Piece]
    theirs: list[Piece]


def conflict_page(request: HttpRequest, item: AgendaItem, saved: Saved) -> HttpResponse:
    """Answer 409 with every text that two people changed; nothing of either is lost."""
    headings = headings_of(item)
    shown = [
        Shown(
            conflict=conflict,
            heading=headings.get(conflict.key, conflict.key),
            mine=word_diff(conflict.base, conflict.mine),
            theirs=word_diff(conflict.base, conflict.theirs),
        )
        for conflict in saved.conflicts
    ]
    context: dict[str, Any] = {
        "item": item,
        "meeting": item.meeting,
        "shown": shown,
        # Chosen together with the text that was not saved.
        "outcome": request.POST.get("outcome"),
        "saved_headings": [headings.get(key, key) for key in saved.keys],
        "trail": meeting_trail(
            item.meeting, _("Item %(number)s") % {"number": item.position}, _("Two changes")
        ),
    }
    return render_page(request, "meetings/item_conflict.html", context, status=409)


def headings_of(item: AgendaItem) -> dict[str, str]:
    """The heading of each long text of the item."""
    template = item.meeting.template
    return {section.key: section.heading for section in template.sections} | {
        "decision": template.decision_heading,
        "public_decision": _("Public decision text"),
    }
