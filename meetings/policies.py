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
    HELD,
    FollowUpState,
    MeetingState,
    Outcome,
    RoundState,
    VersionKind,
)
from meetings.models import AgendaItem, Disqualification, FollowUp, InputRound, Meeting, VoteRound
from meetings.models.people import disqualified_items
from meetings.workflow import MEETING

# While a member's seat can be lent to somebody else.
SUBSTITUTING = frozenset({MeetingState.ISSUED, MeetingState.IN_SESSION})

FOUR_EYES: dict[str, str] = {
    VersionKind.AGENDA: "four_eyes_agenda",
    VersionKind.MINUTES: "four_eyes_publication",
}

Level = Literal["full", "public"]

ONLY_SECRETARIAT = _(
    "Only the secretariat can do this. Write to them if something must be changed."
)
OWN_CASE = _(
    "Nobody takes part in deciding whether they are disqualified themselves. "
    "Forvaltningslovens § 6, stk. 3."
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
    if can_run_session(user, meeting):
        return YES
    return _secretariat(user, meeting)


def can_name_substitute(user: Any, meeting: Meeting) -> Verdict:
    """Let somebody else fill a member's seat; it gives rights, so it is the secretariat's."""
    if meeting.state in CLOSED_RECORD:
        return no(LOCKED)
    if meeting.state not in SUBSTITUTING:
        return no(_("A substitute can be named from the issue of the agenda to the meeting's end."))
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


def can_override_proof(user: Any, meeting: Meeting) -> Verdict:
    """Let the minutes go out although something is missing, with a reason."""
    verdict = _secretariat(user, meeting)
    if verdict and meeting.state in CLOSED_RECORD:
        return no(LOCKED)
    if verdict and meeting.state != MeetingState.MINUTES_DRAFT:
        return no(_in_state(_("This can be done while the minutes are being written."), meeting))
    return verdict


def can_handle_approval(user: Any, meeting: Meeting) -> Verdict:
    """Answer members who ask for a correction, and move the deadline."""
    verdict = _secretariat(user, meeting)
    if verdict and meeting.state != MeetingState.APPROVAL:
        return no(_in_state(_("The minutes are not out for approval."), meeting))
    return verdict


def can_answer_minutes(user: Any, meeting: Meeting, member: Any) -> Verdict:
    """Approve, approve with a reservation, ask for a correction: oneself.

    The secretariat writes down what a member says to them.
    """
    if user.pk != member.pk and not _secretariat(user, meeting):
        return no(_("You can only answer for yourself."))
    verdict = _needs(
        user,
        meeting.committee_id,
        SEATED | {Role.SECRETARIAT},
        _("Only members approve the minutes."),
    )
    if verdict and meeting.state != MeetingState.APPROVAL:
        return no(_in_state(_("The minutes are not out for approval."), meeting))
    return verdict


def can_add_addition(user: Any, meeting: Meeting) -> Verdict:
    """Correct locked minutes by a numbered addition."""
    verdict = _secretariat(user, meeting)
    if verdict and meeting.state not in CLOSED_RECORD:
        return no(_in_state(_("Additions are for minutes that are locked."), meeting))
    return verdict


def can_ask_reopening(user: Any, meeting: Meeting) -> Verdict:
    verdict = _needs(
        user,
        meeting.committee_id,
        SEE_DRAFTS,
        _("Only the chair and the secretariat can reopen the minutes."),
    )
    if verdict and meeting.state == MeetingState.PUBLISHED:
        return no(_("The minutes are published. Withdraw them first."))
    if verdict and meeting.state != MeetingState.LOCKED:
        return no(_in_state(_("Only locked minutes are reopened."), meeting))
    return verdict


def can_approve_reopening(user: Any, meeting: Meeting) -> Verdict:
    """The second of the two persons."""
    verdict = can_ask_reopening(user, meeting)
    waiting = meeting.reopenings.filter(approved_at__isnull=True, dropped_at__isnull=True)
    if verdict and waiting.filter(asked_by=user.pk).exists():
        return no(_("You have asked for this yourself. Another person approves it."))
    return verdict


def _in_state(sentence: Any, meeting: Meeting) -> str:
    state = _("The state is “%(state)s”.") % {"state": meeting.get_state_display()}
    return f"{sentence} {state}"


def can_publish_minutes(user: Any, meeting: Meeting) -> Verdict:
    """Prepare what becomes public, agenda or minutes, and take it back."""
    return _secretariat(user, meeting)


def takes_two(meeting: Meeting, kind: str) -> bool:
    """Do the rules ask for two persons before that goes public?"""
    return bool(meeting.rule_profile.rules[FOUR_EYES[kind]])


def can_approve_publication(
    user: Any, meeting: Meeting, kind: str = VersionKind.MINUTES
) -> Verdict:
    """Publish; where the rules ask for two persons, what another one has asked for."""
    if not takes_two(meeting, kind):
        return _secretariat(user, meeting)
    verdict = _needs(
        user,
        meeting.committee_id,
        SEE_DRAFTS,
        _("Only the chair and the secretariat can approve the publication."),
    )
    waiting = meeting.publications.filter(
        kind=kind, approved_at__isnull=True, dropped_at__isnull=True
    )
    if verdict and waiting.filter(asked_by=user.pk).exists():
        return no(_("You have asked for this publication yourself. Another person approves it."))
    return verdict


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


def can_raise_disqualification(user: Any, item: AgendaItem) -> Verdict:
    """Ask whether somebody else is disqualified; the secretariat also after the meeting."""
    meeting = item.meeting
    verdict = _needs(
        user,
        meeting.committee_id,
        SEATED | {Role.SECRETARIAT},
        _("Only members and the secretariat can ask whether somebody is disqualified."),
    )
    if not verdict or meeting.state in {MeetingState.ISSUED, MeetingState.IN_SESSION}:
        return verdict
    if meeting.state in AGENDA_OUT - CLOSED_RECORD and _secretariat(user, meeting):
        return YES
    return no(_("You can ask from the day the agenda is issued until the meeting ends."))


def can_follow_disqualification(user: Any, case: Disqualification) -> Verdict:
    """See the case and its votes: those who decide it, who run the meeting, and the member."""
    return _needs(
        user,
        case.item.meeting.committee_id,
        READ_CLOSED,
        _("Only members and the secretariat follow the votes."),
    )


def reads_grounds(user: Any, case: Disqualification) -> bool:
    """Those who decide read the grounds when they decide, unless they are kept from the item."""
    if user.pk in {case.member_id, case.declared_by_id}:
        return True
    if is_disqualified(user, case.item_id) or not can_follow_disqualification(user, case):
        return False
    meeting = case.item.meeting
    return meeting.state in HELD or sees_drafts(user, meeting.committee_id)


def can_settle_disqualification(user: Any, case: Disqualification) -> Verdict:
    """Write down what the committee decides; the secretariat also while it writes the minutes."""
    meeting = case.item.meeting
    reason = _("Only the chair and the secretariat write down what the committee decides.")
    verdict = _needs(user, meeting.committee_id, SEE_DRAFTS, reason)
    if not verdict:
        return verdict
    if user.pk == case.member_id:
        return no(OWN_CASE)
    if meeting.state in CLOSED_RECORD:
        return no(LOCKED)
    late = meeting.state == MeetingState.MINUTES_DRAFT and _secretariat(user, meeting)
    if late or meeting.state == MeetingState.IN_SESSION:
        return YES
    return no(_("The committee decides in the meeting whether a member is disqualified."))


def can_vote_on_disqualification(user: Any, case: Disqualification) -> Verdict:
    """Open and close the vote on it."""
    return can_settle_disqualification(user, case) and _in_session(case.item.meeting)


def can_follow_votes(user: Any, item: AgendaItem) -> Verdict:
    """Read an item's motions and votes: members, and those who run the meeting."""
    verdict = _needs(
        user,
        item.meeting.committee_id,
        READ_CLOSED,
        _("Only members and the secretariat follow the votes."),
    )
    if not verdict or not item.is_closed:
        return verdict
    if reading_level(user, item.pk, item.meeting.committee_id) == "public":
        return no(_("You are disqualified from this item."))
    return YES


def can_handle_motions(user: Any, item: AgendaItem) -> Verdict:
    """Write motions down, order them and take them back."""
    verdict = can_run_votes(user, item)
    if verdict or item.meeting.state != MeetingState.ISSUED:
        return verdict
    return _runs_the_meeting(user, item)


def can_run_votes(user: Any, item: AgendaItem) -> Verdict:
    """Open and close votes."""
    verdict = _runs_the_meeting(user, item)
    return verdict and _in_session(item.meeting)


def _runs_the_meeting(user: Any, item: AgendaItem) -> Verdict:
    committee_id = item.meeting.committee_id
    reason = _("Only the chair and the secretariat handle motions and votes.")
    verdict = _needs(user, committee_id, SEE_DRAFTS, reason)
    return verdict and can_follow_votes(user, item)


def _in_session(meeting: Meeting) -> Verdict:
    if meeting.state in CLOSED_RECORD:
        return no(LOCKED)
    if meeting.state != MeetingState.IN_SESSION:
        return no(_("Votes are held while the meeting is on."))
    return YES


def can_cast_vote(user: Any, vote_round: VoteRound, member: Any) -> Verdict:
    """Hand in one's own vote, or, as the secretariat, that of a member who says it aloud."""
    meeting = vote_round.item.meeting
    if user.pk != member.pk:
        verdict = _secretariat(user, meeting)
        if not verdict:
            return no(_("You can only vote for yourself."))
    return _in_session(meeting)


def can_write_dissent(user: Any, vote_round: VoteRound, member: Any) -> Verdict:
    """Have a dissenting opinion written down: the member in the meeting, later the secretariat."""
    meeting = vote_round.item.meeting
    if meeting.state not in DECIDING:
        return no(_no_dissent_now(meeting))
    if _secretariat(user, meeting):
        return YES
    if user.pk != member.pk:
        return no(_("You can only write your own dissenting opinion."))
    if meeting.state == MeetingState.IN_SESSION:
        return YES
    return no(_("The meeting is over. Ask the secretariat to write down your dissenting opinion."))


def _no_dissent_now(meeting: Meeting) -> Any:
    if meeting.state in CLOSED_RECORD:
        return LOCKED
    if meeting.state == MeetingState.APPROVAL:
        return _("The minutes are out for approval. Take them back first.")
    return _("A dissenting opinion belongs to a vote that has been held.")


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


def reads_item(user: Any, item: AgendaItem) -> bool:
    """Does `user` read all of the item: open to the committee, or closed and not from them?"""
    committee_id = item.meeting.committee_id
    if item.is_closed:
        return reading_level(user, item.pk, committee_id) == "full"
    return bool(roles_in(user, committee_id))


def can_carry_item(user: Any, item: AgendaItem) -> Verdict:
    """Take a postponed item along to the next meeting."""
    verdict = _secretariat(user, item.meeting)
    if verdict and (item.outcome != Outcome.POSTPONED or item.meeting.state not in HELD):
        return no(_("Only an item that was postponed can be carried to the next meeting."))
    return verdict


def can_add_follow_up(user: Any, item: AgendaItem) -> Verdict:
    verdict = _secretariat(user, item.meeting)
    if not verdict:
        return verdict
    if not reads_item(user, item):
        return no(_("You are disqualified from this item."))
    if item.meeting.state not in HELD:
        return no(_("Follow-ups can be added when the meeting has begun."))
    return YES


def manages_follow_up(user: Any, follow_up: FollowUp) -> Verdict:
    """The secretariat's part, whatever the state."""
    verdict = _secretariat(user, follow_up.item.meeting)
    return verdict and _reads(user, follow_up)


def can_manage_follow_up(user: Any, follow_up: FollowUp) -> Verdict:
    """Change it, drop it, make an item of it."""
    return manages_follow_up(user, follow_up) and _still_open(follow_up)


def reports_on_follow_up(user: Any, follow_up: FollowUp) -> Verdict:
    """Its owner, and the secretariat on behalf of a unit or a person; whatever the state."""
    owns = user.pk is not None and follow_up.owner_id == user.pk
    if not owns and not _secretariat(user, follow_up.item.meeting):
        return no(_("Only the owner and the secretariat can report on a follow-up."))
    return _reads(user, follow_up)


def can_report_progress(user: Any, follow_up: FollowUp) -> Verdict:
    """Report and finish."""
    return reports_on_follow_up(user, follow_up) and _still_open(follow_up)


def _reads(user: Any, follow_up: FollowUp) -> Verdict:
    if reads_item(user, follow_up.item):
        return YES
    return no(_("You are disqualified from this item."))


def _still_open(follow_up: FollowUp) -> Verdict:
    if follow_up.state == FollowUpState.OPEN:
        return YES
    return no(_("The follow-up is closed."))
