"""The next meeting."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from committee.enums import SEE_DRAFTS
from meetings.enums import AGENDA_OPEN
from meetings.models import Meeting
from meetings.selectors.preparation import preparation
from portal.selectors.facts import Facts, waits_for_answer
from portal.selectors.naming import short_name


@dataclass(frozen=True)
class Next:
    """The meeting to come: how many items, and either its preparation or what to read."""

    meeting: Meeting
    name: str
    items: int
    closed: int
    tasks: list[Any]
    documents: tuple[str, ...]
    waits_for_answer: bool
    new_item_url: str


def next_meeting(facts: Facts) -> Next | None:
    meeting = facts.next_meeting
    if meeting is None:
        return None
    works = facts.has_role(meeting.committee_id, SEE_DRAFTS)
    builds = facts.runs(meeting.committee_id) and meeting.state in AGENDA_OPEN
    prefix = "" if works else "released_"
    return Next(
        meeting=meeting,
        name=short_name(meeting),
        items=getattr(meeting, f"{prefix}item_count"),
        closed=getattr(meeting, f"{prefix}closed_count"),
        tasks=preparation(meeting, facts.items.get(meeting.pk, [])) if works else [],
        documents=("agenda", "pack") if meeting.agenda_version and not works else (),
        waits_for_answer=waits_for_answer(facts, meeting),
        new_item_url=reverse("meetings:item_new", args=[meeting.pk]) if builds else "",
    )
