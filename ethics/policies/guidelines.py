"""Who may do what with guidelines, amendments and dilemmas, and why not."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from committee.enums import SEATED, Role
from committee.models import roles_in
from core.verdicts import YES, Verdict, no
from ethics.enums.guidelines import AmendmentState, DilemmaState
from ethics.models import Amendment, Dilemma, Guideline

ONLY_SECRETARIAT = _("Only the secretariat can do this. Write to them if something must change.")
ONLY_THEY_ARGUE = _(
    "The committee, its follow group, its reviewers and the secretariat write here."
)
ARGUES = SEATED | {Role.SECRETARIAT, Role.REVIEWER, Role.FOLLOW_GROUP}


def is_inside(user: Any, committee_id: int) -> bool:
    """Does `user` read drafts, amendments and unpublished dilemmas of the body?"""
    return bool(roles_in(user, committee_id))


def can_run(user: Any, committee_id: int) -> Verdict:
    """Write the guidelines, answer amendments, publish dilemmas."""
    held = roles_in(user, committee_id)
    return YES if Role.SECRETARIAT in held else no(ONLY_SECRETARIAT)


def can_amend(user: Any, guideline: Guideline) -> Verdict:
    """Propose another text of a section."""
    if roles_in(user, guideline.committee_id) & SEATED:
        return YES
    return no(_("Only the members of the committee propose changes of a guideline."))


def is_open(amendment: Amendment) -> Verdict:
    if amendment.state == AmendmentState.OPEN:
        return YES
    return no(_("The proposed change has its answer. It is kept as it was."))


def can_rebase(user: Any, amendment: Amendment) -> Verdict:
    """Put a proposed change on the newest text: its author, or the secretariat."""
    if amendment.author_id == user.pk and can_amend(user, amendment.guideline):
        return is_open(amendment)
    verdict = can_run(user, amendment.guideline.committee_id)
    return is_open(amendment) if verdict else verdict


def can_withdraw(user: Any, amendment: Amendment) -> Verdict:
    if amendment.author_id != user.pk:
        return no(_("Only the one who proposed a change can take it back."))
    verdict = can_amend(user, amendment.guideline)
    return is_open(amendment) if verdict else verdict


def can_answer(user: Any, amendment: Amendment) -> Verdict:
    """Record what the meeting made of it."""
    verdict = can_run(user, amendment.guideline.committee_id)
    return is_open(amendment) if verdict else verdict


def can_argue(user: Any, committee_id: int) -> Verdict:
    """Write dilemmas and arguments."""
    if roles_in(user, committee_id) & ARGUES:
        return YES
    return no(ONLY_THEY_ARGUE)


def can_add_argument(user: Any, dilemma: Dilemma) -> Verdict:
    verdict = can_argue(user, dilemma.committee_id)
    if verdict and dilemma.state == DilemmaState.SETTLED:
        return no(_("The dilemma is settled. It must be discussed again before one can add to it."))
    return verdict
