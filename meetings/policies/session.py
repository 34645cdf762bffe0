"""While the meeting is on."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from committee.enums import SEE_DRAFTS
from committee.policies import still_works
from core.verdicts import YES, Verdict, no
from meetings.enums import CLOSED_RECORD, DECIDING, MeetingState
from meetings.models import AgendaItem, Meeting
from meetings.policies.base import LOCKED, needs, secretariat

# While a member's seat can be lent to somebody else.
SUBSTITUTING = frozenset({MeetingState.ISSUED, MeetingState.IN_SESSION})


def can_lead_meeting(user: Any, meeting: Meeting) -> Verdict:
    """Begin, end and resume; a meeting does not begin after the mandate."""
    verdict = needs(
        user,
        meeting.committee_id,
        SEE_DRAFTS,
        _("Only the chair and the secretariat can begin and end the meeting."),
    )
    if verdict and meeting.state == MeetingState.ISSUED:
        return still_works(meeting.committee)
    return verdict


def can_run_session(user: Any, meeting: Meeting) -> Verdict:
    """Lead the items and note who comes and goes, while the meeting is on."""
    verdict = can_lead_meeting(user, meeting)
    if verdict and meeting.state != MeetingState.IN_SESSION:
        return no(
            _("The meeting is not on: the state is “%(state)s”.")
            % {"state": meeting.get_state_display()}
        )
    return verdict


def can_record_attendance(user: Any, meeting: Meeting) -> Verdict:
    """The secretariat; while the meeting is on also its chair, who takes the roll call."""
    if meeting.state in CLOSED_RECORD:
        return no(LOCKED)
    if meeting.state == MeetingState.CANCELLED:
        return no(_("The meeting is cancelled."))
    if meeting.state == MeetingState.APPROVAL:
        return no(_("The minutes are out for approval. Take them back first."))
    if can_run_session(user, meeting):
        return YES
    return secretariat(user, meeting)


def can_name_substitute(user: Any, meeting: Meeting) -> Verdict:
    """Let somebody else fill a member's seat; it gives rights, so it is the secretariat's."""
    if meeting.state in CLOSED_RECORD:
        return no(LOCKED)
    if meeting.state not in SUBSTITUTING:
        return no(_("A substitute can be named from the issue of the agenda to the meeting's end."))
    return secretariat(user, meeting)


def can_record_decision(user: Any, item: AgendaItem) -> Verdict:
    verdict = secretariat(user, item.meeting)
    if not verdict or item.meeting.state in DECIDING:
        return verdict
    if item.meeting.state in CLOSED_RECORD:
        return no(LOCKED)
    return no(_("Decisions can be written when the meeting has begun."))
