"""Workshops, and written input between the meetings."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from committee.enums import READ_CLOSED, SEATED, Role
from committee.models import Committee, roles_in
from core.verdicts import YES, Verdict, no
from meetings.enums import CLOSED_RECORD, MeetingState, RoundState
from meetings.models import InputRound, Meeting
from meetings.policies.base import LOCKED, ONLY_SECRETARIAT, needs, secretariat


def can_run_workshop(user: Any, meeting: Meeting) -> Verdict:
    """Set up exercises and turn notes into items."""
    verdict = secretariat(user, meeting)
    if verdict and not meeting.is_workshop:
        return no(
            _("Exercises belong to a workshop or a theme day. Change the kind of meeting first.")
        )
    if verdict and meeting.state == MeetingState.CANCELLED:
        return no(_("The meeting is cancelled."))
    return verdict


def can_write_workshop_note(user: Any, meeting: Meeting) -> Verdict:
    if meeting.state in CLOSED_RECORD:
        return no(LOCKED)
    if meeting.state == MeetingState.CANCELLED:
        return no(_("The meeting is cancelled."))
    return needs(
        user,
        meeting.committee_id,
        READ_CLOSED | {Role.FOLLOW_GROUP},
        _("Only members, the follow group and the secretariat write notes."),
    )


def can_open_round(user: Any, committee: Committee) -> Verdict:
    return needs(user, committee.pk, {Role.SECRETARIAT}, ONLY_SECRETARIAT)


def can_run_round(user: Any, input_round: InputRound) -> Verdict:
    """Remind and close."""
    verdict = can_open_round(user, input_round.committee)
    if verdict and input_round.state != RoundState.OPEN:
        return no(_("The round is closed."))
    return verdict


def is_asked(user: Any, input_round: InputRound) -> bool:
    """Does the round ask people like `user`?"""
    roles = roles_in(user, input_round.committee_id)
    member = input_round.asks_members and roles & SEATED
    return bool(member or (input_round.asks_follow_group and Role.FOLLOW_GROUP in roles))


def can_answer_round(user: Any, input_round: InputRound) -> Verdict:
    if not is_asked(user, input_round):
        return no(_("This round does not ask you."))
    if input_round.state != RoundState.OPEN:
        return no(_("The round is closed. Your input is with the meeting."))
    return YES
