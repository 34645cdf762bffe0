"""Who packs, opens and checks packages of the archive, and why not.

An administrator sees that packages are there and whole, and runs what retention deletes; closed
items are the committee's (ADR 0015), so the full edition is the secretariat's.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from committee.enums import Role
from committee.models import Committee, committees_where, roles_in
from core.verdicts import YES, Verdict, no
from meetings.enums import Edition
from meetings.models import Meeting
from meetings.models.people import disqualified_items
from reports.models import ArchivePackage

ONLY_THEY = _("Only the secretariat and administrators can do this.")
ONLY_SECRETARIAT = _("Only the secretariat of the committee can do this.")
DISQUALIFIED = _("You are disqualified from an item that the package holds in full.")


def administrates(user: Any) -> bool:
    return bool(user.is_authenticated and user.is_active and user.is_staff)


def can_list(user: Any) -> Verdict:
    """See which packages there are."""
    if administrates(user) or committees_where(user, {Role.SECRETARIAT}):
        return YES
    return no(ONLY_THEY)


def can_make(user: Any, committee: Committee, edition: str) -> Verdict:
    """Ask for a package: the full edition is for those who read all that is in it."""
    if Role.SECRETARIAT in roles_in(user, committee.pk):
        return YES
    if edition == Edition.PUBLIC and administrates(user):
        return YES
    return no(ONLY_SECRETARIAT)


def can_open(user: Any, package: ArchivePackage) -> Verdict:
    """Fetch the file. One who is disqualified from an item gets no full edition with it."""
    verdict = can_make(user, package.committee, package.edition)
    if verdict and not reads_all_of(user, package.closed_items):
        return no(DISQUALIFIED)
    return verdict


def reads_all_of(user: Any, closed_items: list[int]) -> bool:
    """Is the reader disqualified from none of the closed items?"""
    return not set(disqualified_items(user)) & set(closed_items)


def can_check(user: Any, package: ArchivePackage) -> Verdict:
    """Let the package be read through; nobody learns anything of its content by that."""
    if administrates(user) or Role.SECRETARIAT in roles_in(user, package.committee_id):
        return YES
    return no(ONLY_THEY)


def can_see_retention(user: Any) -> Verdict:
    """The rules, what is due, and what was deleted."""
    return YES if administrates(user) else no(_("Only administrators can see this."))


def can_hand_off(user: Any, meeting: Meeting) -> Verdict:
    """Hand a meeting over to the municipality's case system."""
    if Role.SECRETARIAT in roles_in(user, meeting.committee_id):
        return YES
    return no(ONLY_SECRETARIAT)
