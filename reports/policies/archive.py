"""Who packs, opens and checks packages of the archive, and why not.

An administrator sees that packages are there and whole, and runs what retention deletes; closed
items are the committee's (ADR 0015), so the full edition is the secretariat's.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from committee.enums import Role
from committee.models import Committee, committees_where, roles_in
from core.verdicts import YES, Verdict, no
from meetings.enums import Access, Edition
from meetings.models import AgendaItem, Meeting
from meetings.models.people import disqualified_items
from reports.models import ArchivePackage

ONLY_THEY = _("Only the secretariat and administrators can do this.")
ONLY_SECRETARIAT = _("Only the secretariat of the committee can do this.")
DISQUALIFIED = _("You are disqualified from an item that the package holds in full.")
CLOSED_SINCE = _("An item of the package has been closed since. Ask for a new package.")


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
    """Fetch the file, as things are now. One who is disqualified from an item gets no file that
    tells of it in full; a public edition that does is for the secretariat alone."""
    verdict = can_make(user, package.committee, package.edition)
    closed = closed_in(package) if verdict else []
    if not reads_all_of(user, closed):
        return no(DISQUALIFIED)
    if closed and not can_make(user, package.committee, Edition.FULL):
        return no(CLOSED_SINCE)
    return verdict


def closed_in(package: ArchivePackage) -> list[int]:
    """The items that the package tells of in full and that were closed then or are now."""
    held = package.holds.get(AgendaItem._meta.label, [])
    shut = AgendaItem.objects.filter(pk__in=held, access=Access.CLOSED)
    return sorted({*package.closed_items, *shut.values_list("pk", flat=True)})


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
