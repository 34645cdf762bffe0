"""The table of a report, from draft to sent. No users here."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.verdicts import YES, Verdict, no
from core.workflow import Workflow, move, register
from reports.enums import ApprovalSide, ReportState


def has_headline(report: Any) -> Verdict:
    return YES if report.headline else no(_("Write a headline that says how it stands."))


def has_foreword(report: Any) -> Verdict:
    return YES if report.foreword else no(_("Write a foreword of a few lines."))


def has_figures(report: Any) -> Verdict:
    return YES if report.sha256 else no(_("Gather the figures first."))


def is_approved(report: Any) -> Verdict:
    """Both sides have approved what stands there now, in this round."""
    given = report.approvals.filter(sha256=report.sha256, approval_round=report.approval_round)
    missing = set(ApprovalSide) - {ApprovalSide(row.side) for row in given}
    if not missing:
        return YES
    if ApprovalSide.SECRETARIAT in missing:
        return no(_("The secretariat has not approved the report yet."))
    return no(_("The chair or the vice-chair has not approved the report yet."))


def has_recipients(report: Any) -> Verdict:
    if report.recipients.filter(removed_at__isnull=True).exists():
        return YES
    return no(_("There is nobody to send it to yet. Add a recipient."))


S = ReportState

REPORT = register(
    Workflow(
        name="report",
        states=dict(S.choices),
        final=frozenset({S.SENT}),
        transitions=(
            move(
                "send_to_approval",
                {S.DRAFT},
                S.APPROVAL,
                _("Send to approval"),
                has_figures,
                has_headline,
                has_foreword,
            ),
            move("back_to_draft", {S.APPROVAL}, S.DRAFT, _("Back to draft")),
            move("freeze", {S.APPROVAL}, S.FROZEN, _("Freeze the report"), is_approved),
            move("send", {S.FROZEN}, S.SENT, _("Send the report"), has_recipients),
        ),
    )
)
