"""Who may do what with a report, and why not."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from committee.enums import LEADERS, SEE_DRAFTS, Role
from committee.models import roles_in
from core.verdicts import YES, Verdict, no
from reports.enums import UNFINISHED, ApprovalSide, ReportState
from reports.models import Report

ONLY_SECRETARIAT = _("Only the secretariat can do this. Write to them if something must change.")
FROZEN = _("The report is frozen and does not change. What is new belongs in the next report.")


def sees_drafts(user: Any, committee_id: int) -> bool:
    """Does `user` work with the report before it is frozen, and see its receipts?"""
    return bool(roles_in(user, committee_id) & SEE_DRAFTS)


def can_run(user: Any, committee_id: int) -> Verdict:
    """Begin reports, send them, keep the list of recipients."""
    held = roles_in(user, committee_id)
    return YES if Role.SECRETARIAT in held else no(ONLY_SECRETARIAT)


def can_write(user: Any, report: Report) -> Verdict:
    """Change the texts, or gather the figures anew. The chair writes the foreword, too."""
    if not sees_drafts(user, report.committee_id):
        return no(_("Only the secretariat and the chair write in the report."))
    return YES if report.state in UNFINISHED else no(FROZEN)


def can_gather(user: Any, report: Report) -> Verdict:
    verdict = can_run(user, report.committee_id)
    if verdict and report.state not in UNFINISHED:
        return no(FROZEN)
    return verdict


def can_put_on_agenda(user: Any, report: Report) -> Verdict:
    """Make a finished report an item of an agenda."""
    verdict = can_run(user, report.committee_id)
    if verdict and report.state in UNFINISHED:
        return no(_("Freeze the report first: what the council gets must not change."))
    return verdict


def side_of(user: Any, report: Report) -> ApprovalSide | None:
    """For whom `user` approves. Who is both approves as the secretariat."""
    held = roles_in(user, report.committee_id)
    if Role.SECRETARIAT in held:
        return ApprovalSide.SECRETARIAT
    return ApprovalSide.LEADER if held & LEADERS else None


def can_approve(user: Any, report: Report) -> Verdict:
    if side_of(user, report) is None:
        return no(_("The secretariat and the chair or vice-chair approve a report."))
    if report.state != ReportState.APPROVAL:
        return no(_("The report has not been sent to approval."))
    return YES


def can_step(user: Any, report: Report) -> Verdict:
    """Move the report on or back; its table says when."""
    return can_run(user, report.committee_id)


def can_address(user: Any, report: Report) -> Verdict:
    """Add, correct and take off recipients; one who has got it is corrected, not taken off."""
    return can_run(user, report.committee_id)


def can_publish(user: Any, report: Report) -> Verdict:
    verdict = can_run(user, report.committee_id)
    if verdict and report.state != ReportState.SENT:
        return no(_("A report becomes public after it has been sent to those it is for."))
    return verdict
