"""Motions, votes and dissenting opinions."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from committee.enums import READ_CLOSED, SEE_DRAFTS
from core.verdicts import YES, Verdict, no
from meetings.enums import CLOSED_RECORD, DECIDING, MeetingState
from meetings.models import AgendaItem, Meeting, VoteRound
from meetings.policies.access import is_disqualified, reading_level
from meetings.policies.base import LOCKED, needs, secretariat


def can_follow_votes(user: Any, item: AgendaItem) -> Verdict:
    """Read an item's motions and votes: members, and those who run the meeting."""
    verdict = needs(
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
    return verdict and votes_are_on(item.meeting)


def _runs_the_meeting(user: Any, item: AgendaItem) -> Verdict:
    committee_id = item.meeting.committee_id
    reason = _("Only the chair and the secretariat handle motions and votes.")
    verdict = needs(user, committee_id, SEE_DRAFTS, reason)
    if verdict and is_disqualified(user, item.pk):
        return no(_("You are disqualified from this item."))
    return verdict and can_follow_votes(user, item)


def votes_are_on(meeting: Meeting) -> Verdict:
    if meeting.state in CLOSED_RECORD:
        return no(LOCKED)
    if meeting.state != MeetingState.IN_SESSION:
        return no(_("Votes are held while the meeting is on."))
    return YES


def can_cast_vote(user: Any, vote_round: VoteRound, member: Any) -> Verdict:
    """Hand in one's own vote, or, as the secretariat, that of a member who says it aloud."""
    meeting = vote_round.item.meeting
    if user.pk != member.pk:
        verdict = secretariat(user, meeting)
        if not verdict:
            return no(_("You can only vote for yourself."))
    return votes_are_on(meeting)


def can_write_dissent(user: Any, vote_round: VoteRound, member: Any) -> Verdict:
    """Have a dissenting opinion written down: the member in the meeting, later the secretariat."""
    meeting = vote_round.item.meeting
    if meeting.state not in DECIDING:
        return no(_no_dissent_now(meeting))
    if secretariat(user, meeting):
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
