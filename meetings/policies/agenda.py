"""The meeting and its agenda, until they are issued, and the answer to the invitation."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from committee.enums import LEADERS, SEATED, Role
from committee.models import Committee, roles_in
from committee.policies import still_works
from core.verdicts import YES, Verdict, no
from meetings.enums import AGENDA_OPEN, CLOSED_RECORD, DECIDING, MeetingState
from meetings.models import AgendaItem, Meeting
from meetings.policies.base import LOCKED, needs, secretariat
from meetings.workflow import MEETING

NOT_HELD = AGENDA_OPEN | {MeetingState.ISSUED}


def can_create_meeting(user: Any, committee: Committee) -> Verdict:
    return needs(
        user, committee.pk, {Role.SECRETARIAT}, _("Only the secretariat can plan meetings.")
    )


def can_plan_meeting(user: Any, committee: Committee) -> Verdict:
    """Plan one to come; what was held before the mandate ended can be taken in later."""
    return can_create_meeting(user, committee) and still_works(committee)


def can_edit_meeting(user: Any, meeting: Meeting) -> Verdict:
    if meeting.state in CLOSED_RECORD:
        return no(LOCKED)
    if meeting.state == MeetingState.CANCELLED:
        return no(_("The meeting is cancelled."))
    return secretariat(user, meeting) and _still_on(meeting)


def _still_on(meeting: Meeting) -> Verdict:
    """A meeting that was not held while the mandate lasted is not held any more."""
    return still_works(meeting.committee) if meeting.state in NOT_HELD else YES


def can_edit_agenda(user: Any, meeting: Meeting) -> Verdict:
    """Add, move, change and take off items and attachments."""
    verdict = secretariat(user, meeting) and _still_on(meeting)
    if not verdict or meeting.state in AGENDA_OPEN | DECIDING:
        return verdict
    if meeting.state in CLOSED_RECORD:
        return no(LOCKED)
    return no(
        _("The agenda can no longer be changed: the state is “%(state)s”.")
        % {"state": meeting.get_state_display()}
    )


def can_write_item(user: Any, item: AgendaItem) -> Verdict:
    """Change an item's headings and texts: also while the minutes are written."""
    return can_edit_agenda(user, item.meeting)


def can_approve_agenda(user: Any, meeting: Meeting) -> Verdict:
    if meeting.state == MeetingState.CANCELLED:
        return no(_("The meeting is cancelled."))
    verdict = needs(
        user,
        meeting.committee_id,
        LEADERS,
        _("Only the chair can approve the agenda. The secretariat can send it to the chair."),
    )
    return verdict and _still_on(meeting)


def can_read_through(user: Any, meeting: Meeting) -> Verdict:
    """Send a draft for read-through and end it."""
    return secretariat(user, meeting) and _still_on(meeting)


def can_comment_read_through(user: Any, meeting: Meeting) -> Verdict:
    open_round = meeting.read_throughs.filter(closed_at__isnull=True).first()
    belongs = roles_in(user, meeting.committee_id) & (SEATED | {Role.FOLLOW_GROUP})
    if open_round and belongs and open_round.readers.filter(reader=user.pk).exists():
        return YES
    return no(
        _("Only those asked to read the draft can comment on it, and only until it is issued.")
    )


def can_issue_agenda(user: Any, meeting: Meeting) -> Verdict:
    verdict = secretariat(user, meeting) and _still_on(meeting)
    if not verdict:
        return verdict
    waits_for_chair = meeting.rule_profile.rules["chair_approves_agenda"]
    if waits_for_chair and meeting.agenda_approved_at is None:
        return no(_("The chair must approve the agenda first. Send it to the chair."))
    return MEETING.check(meeting, "issue")


def can_cancel_meeting(user: Any, meeting: Meeting) -> Verdict:
    return secretariat(user, meeting)


def can_answer_invitation(user: Any, meeting: Meeting) -> Verdict:
    verdict = needs(user, meeting.committee_id, SEATED, _("Only members answer the invitation."))
    if verdict and meeting.state != MeetingState.ISSUED:
        return no(_("You can answer from the day the agenda is issued until the meeting begins."))
    return verdict
