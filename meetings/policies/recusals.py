"""Who is disqualified, and who decides it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from committee.enums import READ_CLOSED, SEATED, SEE_DRAFTS, Role
from core.verdicts import YES, Verdict, no
from meetings.enums import AGENDA_OUT, CLOSED_RECORD, HELD, MeetingState
from meetings.models import AgendaItem, Disqualification
from meetings.policies.access import is_disqualified, sees_drafts
from meetings.policies.base import LOCKED, needs, secretariat
from meetings.policies.votes import votes_are_on

OWN_CASE = _(
    "Nobody takes part in deciding whether they are disqualified themselves. "
    "Forvaltningslovens § 6, stk. 3."
)


def can_declare_disqualified(user: Any, item: AgendaItem) -> Verdict:
    verdict = needs(
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
    verdict = needs(
        user,
        meeting.committee_id,
        SEATED | {Role.SECRETARIAT},
        _("Only members and the secretariat can ask whether somebody is disqualified."),
    )
    if not verdict or meeting.state in {MeetingState.ISSUED, MeetingState.IN_SESSION}:
        return verdict
    if meeting.state in AGENDA_OUT - CLOSED_RECORD and secretariat(user, meeting):
        return YES
    return no(_("You can ask from the day the agenda is issued until the meeting ends."))


def can_follow_disqualification(user: Any, case: Disqualification) -> Verdict:
    """See the case and its votes: those who decide it, who run the meeting, and the member."""
    return needs(
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
    verdict = needs(user, meeting.committee_id, SEE_DRAFTS, reason)
    if not verdict:
        return verdict
    if user.pk == case.member_id:
        return no(OWN_CASE)
    if meeting.state in CLOSED_RECORD:
        return no(LOCKED)
    late = meeting.state == MeetingState.MINUTES_DRAFT and secretariat(user, meeting)
    if late or meeting.state == MeetingState.IN_SESSION:
        return YES
    return no(_("The committee decides in the meeting whether a member is disqualified."))


def can_vote_on_disqualification(user: Any, case: Disqualification) -> Verdict:
    """Open and close the vote on it."""
    return can_settle_disqualification(user, case) and votes_are_on(case.item.meeting)
