"""Who may do what with a meeting, and why not. The only place that knows roles."""

from collections.abc import Iterable
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _

from committee.enums import LEADERS, READ_CLOSED, SEATED, SEE_DRAFTS, Role
from committee.models import Committee, roles_in
from core.verdicts import YES, Verdict, no
from meetings.enums import (
    AGENDA_OPEN,
    AGENDA_OUT,
    CLOSED_RECORD,
    DECIDING,
    MeetingState,
    RoundState,
)
from meetings.models import AgendaItem, InputRound, Meeting
from meetings.models.people import disqualified_items
from meetings.workflow import MEETING

Level = Literal["full", "public"]

ONLY_SECRETARIAT = _(
    "Only the secretariat can do this. Write to them if something must be changed."
)
LOCKED = _("The minutes are locked. Corrections can only be made as numbered additions.")


def _needs(user: Any, committee_id: int, roles: Iterable[Role], reason: Any) -> Verdict:
    return YES if roles_in(user, committee_id) & frozenset(roles) else no(reason)


def _secretariat(user: Any, meeting: Meeting) -> Verdict:
    return _needs(user, meeting.committee_id, {Role.SECRETARIAT}, ONLY_SECRETARIAT)


def sees_drafts(user: Any, committee_id: int) -> bool:
    """Does `user` work with what is not issued yet (secretariat, chair, vice-chair)?"""
    return bool(roles_in(user, committee_id) & SEE_DRAFTS)


def reading_level(user: Any, item_id: int, committee_id: int) -> Level:
    """How much of a closed item `user` reads: everything, or its public face."""
    if not roles_in(user, committee_id) & READ_CLOSED:
        return "public"
    return "public" if item_id in disqualified_items(user) else "full"


def is_insider(user: Any, meeting: Meeting) -> bool:
    """Does `user` belong to the committee in any role?"""
    return bool(roles_in(user, meeting.committee_id))


def is_disqualified(user: Any, item_id: int) -> bool:
    """Must `user` keep away from the item now?"""
    return item_id in disqualified_items(user)


def can_keep_notes(user: Any, meeting: Meeting) -> Verdict:
    """Private notes are for everybody who belongs to the committee."""
    return YES if is_insider(user, meeting) else no(_("Only the committee can keep notes here."))


def can_create_meeting(user: Any, committee: Committee) -> Verdict:
    return _needs(
        user, committee.pk, {Role.SECRETARIAT}, _("Only the secretariat can plan meetings.")
    )


def can_edit_meeting(user: Any, meeting: Meeting) -> Verdict:
    if meeting.state in CLOSED_RECORD:
        return no(LOCKED)
    if meeting.state == MeetingState.CANCELLED:
        return no(_("The meeting is cancelled."))
    return _secretariat(user, meeting)


def can_edit_agenda(user: Any, meeting: Meeting) -> Verdict:
    """Add, move, change and take off items and attachments."""
    verdict = _secretariat(user, meeting)
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


def can_record_decision(user: Any, item: AgendaItem) -> Verdict:
    verdict = _secretariat(user, item.meeting)
    if not verdict or item.meeting.state in DECIDING:
        return verdict
    if item.meeting.state in CLOSED_RECORD:
        return no(LOCKED)
    return no(_("Decisions can be written when the meeting has begun."))


def can_approve_agenda(user: Any, meeting: Meeting) -> Verdict:
    if meeting.state == MeetingState.CANCELLED:
        return no(_("The meeting is cancelled."))
    return _needs(
        user,
        meeting.committee_id,
        LEADERS,
        _("Only the chair can approve the agenda. The secretariat can send it to the chair."),
    )


def can_read_through(user: Any, meeting: Meeting) -> Verdict:
    """Send a draft for read-through and end it."""
    return _secretariat(user, meeting)


def can_issue_agenda(user: Any, meeting: Meeting) -> Verdict:
    verdict = _secretariat(user, meeting)
    if not verdict:
        return verdict
    waits_for_chair = meeting.rule_profile.rules["chair_approves_agenda"]
    if waits_for_chair and meeting.agenda_approved_at is None:
        return no(_("The chair must approve the agenda first. Send it to the chair."))
    return MEETING.check(meeting, "issue")


def can_lead_meeting(user: Any, meeting: Meeting) -> Verdict:
    """Begin, end and resume."""
    return _needs(
        user,
        meeting.committee_id,
        SEE_DRAFTS,
        _("Only the chair and the secretariat can begin and end the meeting."),
    )


def can_record_attendance(user: Any, meeting: Meeting) -> Verdict:
    if meeting.state in CLOSED_RECORD:
        return no(LOCKED)
    if meeting.state == MeetingState.CANCELLED:
        return no(_("The meeting is cancelled."))
    return _secretariat(user, meeting)


def can_finish_minutes(user: Any, meeting: Meeting) -> Verdict:
    """Send the minutes for approval, correct them again."""
    return _secretariat(user, meeting)


def can_lock_minutes(user: Any, meeting: Meeting) -> Verdict:
    return _needs(
        user,
        meeting.committee_id,
        SEE_DRAFTS,
        _("Only the chair and the secretariat can lock the minutes."),
    )


def can_publish_minutes(user: Any, meeting: Meeting) -> Verdict:
    return _secretariat(user, meeting)


def can_cancel_meeting(user: Any, meeting: Meeting) -> Verdict:
    return _secretariat(user, meeting)


def can_answer_invitation(user: Any, meeting: Meeting) -> Verdict:
    verdict = _needs(user, meeting.committee_id, SEATED, _("Only members answer the invitation."))
    if verdict and meeting.state != MeetingState.ISSUED:
        return no(_("You can answer from the day the agenda is issued until the meeting begins."))
    return verdict


def can_declare_disqualified(user: Any, item: AgendaItem) -> Verdict:
    verdict = _needs(
        user,
        item.meeting.committee_id,
        SEATED,
        _("Only members can be disqualified from an item."),
    )
    if verdict and item.meeting.state not in AGENDA_OUT - CLOSED_RECORD:
        return no(
            _("You can tell us from the day the agenda is issued until the minutes are locked.")
        )
    return verdict


def can_lift_disqualification(user: Any, item: AgendaItem) -> Verdict:
    if item.meeting.state in CLOSED_RECORD:
        return no(LOCKED)
    return _secretariat(user, item.meeting)


def can_comment_read_through(user: Any, meeting: Meeting) -> Verdict:
    open_round = meeting.read_throughs.filter(closed_at__isnull=True).first()
    belongs = roles_in(user, meeting.committee_id) & (SEATED | {Role.FOLLOW_GROUP})
    if open_round and belongs and open_round.readers.filter(reader=user.pk).exists():
        return YES
    return no(
        _("Only those asked to read the draft can comment on it, and only until it is issued.")
    )


def can_run_workshop(user: Any, meeting: Meeting) -> Verdict:
    """Set up exercises and turn notes into items."""
    verdict = _secretariat(user, meeting)
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
    return _needs(
        user,
        meeting.committee_id,
        READ_CLOSED | {Role.FOLLOW_GROUP},
        _("Only members, the follow group and the secretariat write notes."),
    )


def can_open_round(user: Any, committee: Committee) -> Verdict:
    return _needs(user, committee.pk, {Role.SECRETARIAT}, ONLY_SECRETARIAT)


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
