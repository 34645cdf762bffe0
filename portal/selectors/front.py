"""What anybody finds on the front page."""

import html
import re
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.html import strip_tags

from committee.models import Committee, Deliverable
from core.text import render_prose
from meetings.enums import Edition, MeetingState
from meetings.models import Meeting
from meetings.selectors.lists import next_meeting
from meetings.selectors.reading import edition_reading
from portal.selectors.naming import short_name

MEETINGS_LOOKED_AT = 2
DECISIONS_SHOWN = 4
LONGEST = 140
# Neither “3. december” nor “nr. 2” ends a sentence.
SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-ZÆØÅ”“])")


@dataclass(frozen=True)
class Decided:
    """A decision as its meeting's public minutes have it."""

    text: str
    title: str
    meeting: Meeting
    meeting_name: str
    item_id: int


def front_page(user: Any, committee: Committee | None) -> dict[str, Any]:
    """What the body is about, its next meeting, its newest decisions and its tasks."""
    if committee is None:
        return {"committee": None}
    coming = next_meeting(user, [committee.pk])
    return {
        "committee": committee,
        "next": coming,
        "next_name": short_name(coming) if coming else "",
        "decisions": newest_decisions(user, committee),
        "deliverables": _deliverables(committee),
        "lead": committee.summary.strip().split("\n\n")[0],
        "is_over": bool(committee.mandate_to and committee.mandate_to < timezone.localdate()),
    }


def _deliverables(committee: Committee) -> list[Deliverable]:
    newest = committee.terms.order_by("-version").first()
    return list(newest.deliverables.all()) if newest else []


def newest_decisions(user: Any, committee: Committee) -> list[Decided]:
    """From the public minutes published last; the same redaction as for page and PDF."""
    published = (
        Meeting.objects.visible_to(user)
        .filter(committee=committee, state=MeetingState.PUBLISHED)
        .select_related("committee__municipality", "rule_profile")
        .order_by("-starts_at")
    )
    found: list[Decided] = []
    for meeting in published[:MEETINGS_LOOKED_AT]:
        read = edition_reading(meeting, Edition.PUBLIC)
        rows = [_decided(meeting, item) for item in read.items] if read else []
        found += [row for row in rows if row is not None]
    return found[:DECISIONS_SHOWN]


def _decided(meeting: Meeting, item: dict[str, Any]) -> Decided | None:
    decision = item["decision"] or {}
    text = item["public_decision"] if item["access"] == "closed" else decision.get("text", "")
    if not text:
        return None
    return Decided(first_words(text), item["title"], meeting, short_name(meeting), item["id"])


def first_words(text: str) -> str:
    """The first sentence as plain words, cut at a word when it is long."""
    plain = " ".join(html.unescape(strip_tags(render_prose(text))).split())
    first = SENTENCE.split(plain, maxsplit=1)[0]
    if len(first) <= LONGEST:
        return first
    return first[:LONGEST].rsplit(" ", 1)[0] + " …"
