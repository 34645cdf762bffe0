"""How a meeting moves. No users here: who may make a move is `meetings.policies`."""

import re
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.verdicts import YES, Verdict, no
from core.workflow import Workflow, move, register
from meetings.enums import (
    Access,
    DisqualificationState,
    FollowUpState,
    MeetingState,
    MotionState,
)
from meetings.models import VoteRound

S = MeetingState
# Headings that say nothing. Ankestyrelsen found ”Lukket punkt” alone insufficient.
BARE_HEADING = re.compile(
    r"^\W*(lukket|lukkede|fortrolig\w*|hemmelig\w*|closed)?\W*(punkt\w*|sag\w*|item)?\W*\d*\W*$",
    re.IGNORECASE,
)


def heading_says_nothing(heading: str) -> bool:
    """True for an empty heading and for one that only says that the item is closed."""
    return bool(BARE_HEADING.match(heading.strip()))


def has_items(meeting: Any) -> Verdict:
    if meeting.items.on_agenda().exists():
        return YES
    return no(_("The agenda has no items yet. Add the first one."))


def public_headings_speak(meeting: Any) -> Verdict:
    closed = meeting.items.on_agenda().filter(access=Access.CLOSED)
    for item in closed:
        if heading_says_nothing(item.public_title):
            return no(
                _("Write a public heading that says what item %(number)s is about.")
                % {"number": item.position}
            )
    return YES


def has_issued_agenda(meeting: Any) -> Verdict:
    if meeting.agenda_version:
        return YES
    return no(_("The agenda has not been issued yet."))


def no_open_vote(meeting: Any) -> Verdict:
    if not VoteRound.objects.in_meeting(meeting).open().exists():
        return YES
    return no(_("A vote is open. Close it before the meeting ends."))


MEETING = register(
    Workflow(
        name="meeting",
        states=dict(S.choices),
        final=frozenset({S.CANCELLED}),
        transitions=(
            move(
                "open_read_through",
                {S.DRAFT},
                S.READ_THROUGH,
                _("Send for read-through"),
                has_items,
            ),
            move("close_read_through", {S.READ_THROUGH}, S.DRAFT, _("End the read-through")),
            move(
                "issue",
                {S.DRAFT, S.READ_THROUGH, S.ISSUED},
                S.ISSUED,
                _("Issue the agenda"),
                has_items,
                public_headings_speak,
            ),
            move("begin", {S.ISSUED}, S.IN_SESSION, _("Begin the meeting"), has_issued_agenda),
            move("end", {S.IN_SESSION}, S.MINUTES_DRAFT, _("End the meeting"), no_open_vote),
            move("resume", {S.MINUTES_DRAFT}, S.IN_SESSION, _("Resume the meeting")),
            move(
                "send_for_approval",
                {S.MINUTES_DRAFT},
                S.APPROVAL,
                _("Send the minutes for approval"),
                public_headings_speak,
            ),
            move("reopen_minutes", {S.APPROVAL}, S.MINUTES_DRAFT, _("Correct the minutes")),
            move("lock", {S.APPROVAL}, S.LOCKED, _("Lock the minutes")),
            move(
                "publish", {S.LOCKED}, S.PUBLISHED, _("Publish the minutes"), public_headings_speak
            ),
            # What was added since the minutes went out.
            move(
                "publish_addition",
                {S.PUBLISHED},
                S.PUBLISHED,
                _("Publish the addition"),
                public_headings_speak,
            ),
            move("withdraw", {S.PUBLISHED}, S.LOCKED, _("Withdraw the minutes")),
            move("reopen_locked", {S.LOCKED}, S.MINUTES_DRAFT, _("Reopen the minutes")),
            move(
                "cancel",
                {S.DRAFT, S.READ_THROUGH, S.ISSUED},
                S.CANCELLED,
                _("Cancel the meeting"),
            ),
        ),
    )
)

M = MotionState
MOTION = register(
    Workflow(
        name="motion",
        states=dict(M.choices),
        final=frozenset({M.WITHDRAWN}),
        transitions=(
            # A second vote on the same motion is a new round; the first stays in the record.
            move("open_vote", {M.PROPOSED, M.CLOSED}, M.OPEN, _("Open the vote")),
            move("close_vote", {M.OPEN}, M.CLOSED, _("Close the vote")),
            move("acclaim", {M.PROPOSED}, M.CLOSED, _("Record a result without a count")),
            move("withdraw", {M.PROPOSED}, M.WITHDRAWN, _("Withdraw the motion")),
        ),
    )
)

D = DisqualificationState
DISQUALIFICATION = register(
    Workflow(
        name="disqualification",
        states=dict(D.choices),
        final=frozenset({D.UPHELD, D.DISMISSED}),
        transitions=(
            move("uphold", {D.RAISED}, D.UPHELD, _("Decide that the member is disqualified")),
            move("dismiss", {D.RAISED}, D.DISMISSED, _("Decide that the member is impartial")),
        ),
    )
)

F = FollowUpState
FOLLOW_UP = register(
    Workflow(
        name="follow_up",
        states=dict(F.choices),
        final=frozenset({F.DONE, F.DROPPED}),
        transitions=(
            move("finish", {F.OPEN}, F.DONE, _("Mark as done")),
            move("drop", {F.OPEN}, F.DROPPED, _("Drop")),
        ),
    )
)

__all__ = ["DISQUALIFICATION", "FOLLOW_UP", "MEETING", "MOTION", "heading_says_nothing"]
