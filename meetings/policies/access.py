"""How much somebody reads."""

from typing import Any, Literal

from django.utils.translation import gettext_lazy as _

from committee.enums import READ_CLOSED, SEE_DRAFTS
from committee.models import roles_in
from core.verdicts import YES, Verdict, no
from meetings.models import AgendaItem, Meeting
from meetings.models.people import disqualified_items

Level = Literal["full", "public"]


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


def reads_item(user: Any, item: AgendaItem) -> bool:
    """Does `user` read all of the item: open to the committee, or closed and not from them?"""
    committee_id = item.meeting.committee_id
    if item.is_closed:
        return reading_level(user, item.pk, committee_id) == "full"
    return bool(roles_in(user, committee_id))


def can_keep_notes(user: Any, meeting: Meeting) -> Verdict:
    """Private notes are for everybody who belongs to the committee."""
    return YES if is_insider(user, meeting) else no(_("Only the committee can keep notes here."))
