"""From minutes to protocol, and its only corrections."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from committee.enums import SEATED, SEE_DRAFTS, Role
from core.verdicts import Verdict, no
from meetings.enums import CLOSED_RECORD, MeetingState
from meetings.models import Meeting
from meetings.policies.base import LOCKED, in_state, needs, secretariat


def can_finish_minutes(user: Any, meeting: Meeting) -> Verdict:
    """Send the minutes for approval, correct them again."""
    return secretariat(user, meeting)


def can_lock_minutes(user: Any, meeting: Meeting) -> Verdict:
    return needs(
        user,
        meeting.committee_id,
        SEE_DRAFTS,
        _("Only the chair and the secretariat can lock the minutes."),
    )


def can_override_proof(user: Any, meeting: Meeting) -> Verdict:
    """Let the minutes go out although something is missing, with a reason."""
    verdict = secretariat(user, meeting)
    if verdict and meeting.state in CLOSED_RECORD:
        return no(LOCKED)
    if verdict and meeting.state != MeetingState.MINUTES_DRAFT:
        return no(in_state(_("This can be done while the minutes are being written."), meeting))
    return verdict


def can_handle_approval(user: Any, meeting: Meeting) -> Verdict:
    """Answer members who ask for a correction, and move the deadline."""
    verdict = secretariat(user, meeting)
    if verdict and meeting.state != MeetingState.APPROVAL:
        return no(in_state(_("The minutes are not out for approval."), meeting))
    return verdict


def can_answer_minutes(user: Any, meeting: Meeting, member: Any) -> Verdict:
    """Approve, approve with a reservation, ask for a correction: oneself.

    The secretariat writes down what a member says to them.
    """
    if user.pk != member.pk and not secretariat(user, meeting):
        return no(_("You can only answer for yourself."))
    verdict = needs(
        user,
        meeting.committee_id,
        SEATED | {Role.SECRETARIAT},
        _("Only members approve the minutes."),
    )
    if verdict and meeting.state != MeetingState.APPROVAL:
        return no(in_state(_("The minutes are not out for approval."), meeting))
    return verdict


def can_add_addition(user: Any, meeting: Meeting) -> Verdict:
    """Correct locked minutes by a numbered addition."""
    verdict = secretariat(user, meeting)
    if verdict and meeting.state not in CLOSED_RECORD:
        return no(in_state(_("Additions are for minutes that are locked."), meeting))
    return verdict


def can_ask_reopening(user: Any, meeting: Meeting) -> Verdict:
    verdict = needs(
        user,
        meeting.committee_id,
        SEE_DRAFTS,
        _("Only the chair and the secretariat can reopen the minutes."),
    )
    if verdict and meeting.state == MeetingState.PUBLISHED:
        return no(_("The minutes are published. Withdraw them first."))
    if verdict and meeting.state != MeetingState.LOCKED:
        return no(in_state(_("Only locked minutes are reopened."), meeting))
    return verdict


def can_approve_reopening(user: Any, meeting: Meeting) -> Verdict:
    """The second of the two persons."""
    verdict = can_ask_reopening(user, meeting)
    waiting = meeting.reopenings.filter(approved_at__isnull=True, dropped_at__isnull=True)
    if verdict and waiting.filter(asked_by=user.pk).exists():
        return no(_("You have asked for this yourself. Another person approves it."))
    return verdict
