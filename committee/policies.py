"""Who may do what to a body and its people. Each refusal is the sentence the user reads."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from committee.enums import Role
from committee.models import Committee, Deliverable, Membership, roles_in, roles_of
from core.verdicts import YES, Verdict, no


def _administrates(user: Any) -> bool:
    return bool(user.is_authenticated and user.is_active and user.is_staff)


def prepares(user: Any, committee: Committee) -> bool:
    return Role.SECRETARIAT in roles_in(user, committee.pk)


def can_see_insides(user: Any, committee: Committee) -> Verdict:
    """The names that citizens do not see: follow group, secretariat, reviewers."""
    if roles_in(user, committee.pk):
        return YES
    return no(_("Only those who belong to the committee see who serves it."))


def can_create_committee(user: Any) -> Verdict:
    if _administrates(user):
        return YES
    return no(_("Only administrators can create committees."))


def can_create_user(user: Any) -> Verdict:
    if _administrates(user):
        return YES
    return no(_("Only administrators can create users."))


def can_appoint_member(user: Any, committee: Committee) -> Verdict:
    if _administrates(user) or prepares(user, committee):
        return YES
    return no(_("Only the secretariat and administrators can appoint members."))


def can_end_membership(user: Any, membership: Membership) -> Verdict:
    if _administrates(user) or prepares(user, membership.committee):
        return YES
    return no(_("Only the secretariat and administrators can end a membership."))


def can_adopt_terms(user: Any, committee: Committee) -> Verdict:
    if _administrates(user) or prepares(user, committee):
        return YES
    return no(_("Only the secretariat and administrators can enter new terms of reference."))


def can_adopt_rule_profile(user: Any, committee: Committee) -> Verdict:
    if _administrates(user) or prepares(user, committee):
        return YES
    return no(_("Only the secretariat and administrators can enter new rules."))


def can_set_deliverable_status(user: Any, deliverable: Deliverable) -> Verdict:
    if prepares(user, deliverable.terms.committee):
        return YES
    return no(_("Only the secretariat can change where a deliverable stands."))


def can_add_evidence(user: Any, deliverable: Deliverable) -> Verdict:
    if prepares(user, deliverable.terms.committee):
        return YES
    return no(_("Only the secretariat can add evidence to a deliverable."))


def can_save_shelf_document(user: Any, committee: Committee) -> Verdict:
    if _administrates(user) or prepares(user, committee):
        return YES
    return no(_("Only the secretariat can change the background documents."))


def can_view_as(user: Any, committee: Committee | None) -> Verdict:
    """Look through somebody's eyes in that one committee."""
    if committee is not None and prepares(user, committee):
        return YES
    return no(_("Only the secretariat can view the pages as somebody else."))


# The mandate, its end, and what comes after ----------------------------------------------------


def still_works(committee: Committee, today: date | None = None) -> Verdict:
    """Does the body begin anything new? After its mandate it finishes its minutes, no more."""
    if not committee.is_over(today):
        return YES
    return no(
        _("The mandate of %(name)s has ended. Its minutes can be finished; nothing new begins.")
        % {"name": committee.name}
    )


def prepares_for(user: Any, committee: Committee) -> bool:
    """Does `user` prepare the body, or the one that came after it?"""
    if prepares(user, committee):
        return True
    after = Committee.objects.filter(predecessor=committee).values_list("pk", flat=True)
    return any(Role.SECRETARIAT in roles_in(user, pk) for pk in after) if roles_of(user) else False


def can_hold_revisit(user: Any, committee: Committee) -> Verdict:
    """Write down what looking at the work again led to."""
    if not prepares_for(user, committee):
        return no(_("Only the secretariat, or that of the next body, records the re-visit."))
    if committee.revisit_on is None:
        return no(_("No day has been set for looking at the work again."))
    return YES


BOTH = _("Only the secretariat of both bodies can hand over.")


def can_hand_over(user: Any, giver: Committee, receiver: Committee | None = None) -> Verdict:
    """Give the open work to the next body: whoever prepares both."""
    if not prepares(user, giver) or (receiver is not None and not prepares(user, receiver)):
        return no(BOTH)
    if receiver is None:
        return YES
    if receiver.predecessor_id != giver.pk:
        return no(_("%(name)s is not set as the successor.") % {"name": receiver.name})
    return still_works(receiver)


def reads_hand_over(user: Any, giver_id: int, receiver_id: int) -> bool:
    """What was handed over is for those who belong to one of the bodies."""
    return bool(roles_in(user, giver_id) | roles_in(user, receiver_id))
