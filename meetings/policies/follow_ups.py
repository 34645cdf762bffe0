"""What a decision leads to after the meeting."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from committee.enums import Role
from committee.models import Committee
from committee.policies import BOTH
from core.verdicts import YES, Verdict, no
from meetings.enums import HELD, FollowUpState, Outcome
from meetings.models import AgendaItem, FollowUp
from meetings.policies.access import is_disqualified, reads_item
from meetings.policies.base import ONLY_SECRETARIAT, needs, secretariat


def can_carry_item(user: Any, item: AgendaItem) -> Verdict:
    """Take a postponed item along to the next meeting."""
    verdict = secretariat(user, item.meeting)
    if verdict and (item.outcome != Outcome.POSTPONED or item.meeting.state not in HELD):
        return no(_("Only an item that was postponed can be carried to the next meeting."))
    return verdict


def can_add_follow_up(user: Any, item: AgendaItem) -> Verdict:
    verdict = secretariat(user, item.meeting)
    if not verdict:
        return verdict
    if not reads_item(user, item):
        return no(_("You are disqualified from this item."))
    if item.meeting.state not in HELD:
        return no(_("Follow-ups can be added when the meeting has begun."))
    return YES


def _runs(user: Any, follow_up: FollowUp) -> Verdict:
    """The secretariat of the body that sees to it."""
    return needs(user, follow_up.body_id, {Role.SECRETARIAT}, ONLY_SECRETARIAT)


def can_hand_follow_up(user: Any, follow_up: FollowUp, receiver: Committee) -> Verdict:
    """Give it to the body that takes over: whoever prepares both."""
    verdict = _runs(user, follow_up) and needs(user, receiver.pk, {Role.SECRETARIAT}, BOTH)
    return verdict and _still_open(follow_up)


def manages_follow_up(user: Any, follow_up: FollowUp) -> Verdict:
    """The secretariat's part, whatever the state."""
    verdict = _runs(user, follow_up)
    return verdict and _reads(user, follow_up)


def can_manage_follow_up(user: Any, follow_up: FollowUp) -> Verdict:
    """Change it, drop it, make an item of it."""
    return manages_follow_up(user, follow_up) and _still_open(follow_up)


def reports_on_follow_up(user: Any, follow_up: FollowUp) -> Verdict:
    """Its owner, and the secretariat on behalf of a unit or a person; whatever the state."""
    owns = user.pk is not None and follow_up.owner_id == user.pk
    if not owns and not _runs(user, follow_up):
        return no(_("Only the owner and the secretariat can report on a follow-up."))
    return _reads(user, follow_up)


def can_report_progress(user: Any, follow_up: FollowUp) -> Verdict:
    """Report and finish."""
    return reports_on_follow_up(user, follow_up) and _still_open(follow_up)


def _reads(user: Any, follow_up: FollowUp) -> Verdict:
    if reads_item(user, follow_up.item) or _took_it_over(user, follow_up):
        return YES
    return no(_("You are disqualified from this item."))


def _took_it_over(user: Any, follow_up: FollowUp) -> bool:
    """The secretariat that has it now reads it, also of a closed item; the disqualified do not."""
    if follow_up.handed_to_id is None or is_disqualified(user, follow_up.item_id):
        return False
    return bool(_runs(user, follow_up))


def _still_open(follow_up: FollowUp) -> Verdict:
    if follow_up.state == FollowUpState.OPEN:
        return YES
    return no(_("The follow-up is closed."))
