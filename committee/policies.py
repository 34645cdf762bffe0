"""Who may do what to a body and its people. Each refusal is the sentence the user reads."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from committee.enums import Role
from committee.models import Committee, Deliverable, Membership, roles_in
from core.verdicts import YES, Verdict, no


def _administrates(user: Any) -> bool:
    return bool(user.is_authenticated and user.is_active and user.is_staff)


def _prepares(user: Any, committee: Committee) -> bool:
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
    if _administrates(user) or _prepares(user, committee):
        return YES
    return no(_("Only the secretariat and administrators can appoint members."))


def can_end_membership(user: Any, membership: Membership) -> Verdict:
    if _administrates(user) or _prepares(user, membership.committee):
        return YES
    return no(_("Only the secretariat and administrators can end a membership."))


def can_adopt_terms(user: Any, committee: Committee) -> Verdict:
    if _administrates(user) or _prepares(user, committee):
        return YES
    return no(_("Only the secretariat and administrators can enter new terms of reference."))


def can_adopt_rule_profile(user: Any, committee: Committee) -> Verdict:
    if _administrates(user) or _prepares(user, committee):
        return YES
    return no(_("Only the secretariat and administrators can enter new rules."))


def can_set_deliverable_status(user: Any, deliverable: Deliverable) -> Verdict:
    if _prepares(user, deliverable.terms.committee):
        return YES
    return no(_("Only the secretariat can change where a deliverable stands."))


def can_add_evidence(user: Any, deliverable: Deliverable) -> Verdict:
    if _prepares(user, deliverable.terms.committee):
        return YES
    return no(_("Only the secretariat can add evidence to a deliverable."))


def can_save_shelf_document(user: Any, committee: Committee) -> Verdict:
    if _administrates(user) or _prepares(user, committee):
        return YES
    return no(_("Only the secretariat can change the background documents."))


def can_view_as(user: Any, committee: Committee | None) -> Verdict:
    """Look through somebody's eyes in that one committee."""
    if committee is not None and _prepares(user, committee):
        return YES
    return no(_("Only the secretariat can view the pages as somebody else."))
