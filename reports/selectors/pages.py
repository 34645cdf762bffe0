"""Pages of reports: the list, one report, its receipts."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from committee.enums import Role
from committee.models import committees_where
from core.verdicts import Verdict
from meetings.enums import MeetingState
from meetings.models import Meeting
from reports.content.texts import texts_of
from reports.enums import UNFINISHED, ApprovalSide, DeliveryState, ReportState
from reports.models import Report, ReportApproval, ReportDelivery, ReportRecipient
from reports.naming import period_name, report_title
from reports.policies import reports as policies
from reports.selectors.reading import shown_content
from reports.workflow import REPORT

# Shape of a state, as `status` draws it.
LOOKS = {
    ReportState.DRAFT: "half",
    ReportState.APPROVAL: "miss",
    ReportState.FROZEN: "locked",
    ReportState.SENT: "done",
}
DELIVERY_LOOKS = {
    DeliveryState.QUEUED: "half",
    DeliveryState.SENT: "done",
    DeliveryState.REFUSED: "no",
    DeliveryState.BOUNCED: "no",
}
# The address of each step → its transition.
STEPS = {
    "til-godkendelse": "send_to_approval",
    "til-kladde": "back_to_draft",
    "frys": "freeze",
    "send": "send",
}


@dataclass(frozen=True)
class ReportRow:
    report: Report
    title: str
    period: str
    look: str
    is_late: bool


def report_rows(user: Any, committee_id: int | None = None) -> list[ReportRow]:
    """The reports that `user` may read, newest first. One query."""
    rows = Report.objects.visible_to(user).select_related("committee").defer("content")
    if committee_id is not None:
        rows = rows.filter(committee=committee_id)
    return [_row(user, one) for one in rows]


def _row(user: Any, report: Report) -> ReportRow:
    works_on_it = policies.sees_drafts(user, report.committee_id)
    return ReportRow(
        report=report,
        title=report_title(report),
        period=period_name(report.period_from, report.period_to),
        look=LOOKS[ReportState(report.state)],
        is_late=works_on_it and report.is_late(),
    )


def report_page(user: Any, report: Report) -> dict[str, Any]:
    """The report as it may be read now, and what one may do with it."""
    content = shown_content(report)
    runs = bool(policies.can_run(user, report.committee_id))
    works_on_it = policies.sees_drafts(user, report.committee_id)
    return {
        "report": report,
        "title": report_title(report),
        "content": drawn(content),
        "content_template": content_template(report),
        "about": content.get("report", {}),
        "look": LOOKS[ReportState(report.state)],
        "runs": runs,
        "works_on_it": works_on_it,
        "may_write": bool(policies.can_write(user, report)),
        "next_step": _next_step(report) if runs else None,
        "approvals": _sides(report) if works_on_it else [],
        "approve": _may_approve(user, report),
        "receipts": receipts(report) if works_on_it and report.state == ReportState.SENT else None,
        "is_unfinished": report.state in UNFINISHED,
    }


def meetings_for_item(user: Any) -> QuerySet[Meeting]:
    """The meetings that `user` prepares and whose agenda is a draft, soonest first."""
    own = committees_where(user, {Role.SECRETARIAT})
    rows = Meeting.objects.filter(committee__in=own, state=MeetingState.DRAFT)
    return rows.select_related("committee").order_by("starts_at", "pk")


def content_template(report: Report) -> str:
    return f"reports/content/{report.kind}.html"


def drawn(content: dict[str, Any]) -> dict[str, Any]:
    """The content with its figures as drawings."""
    if any(block["kind"] == "figure" for part in _parts(content) for block in part["blocks"]):
        from reports.charts import from_dict

        number = 0
        for part in _parts(content):
            for block in part["blocks"]:
                if block["kind"] == "figure":
                    number += 1
                    block["figure"], block["number"] = from_dict(block["data"]), number
    return content


def _parts(content: dict[str, Any]) -> list[dict[str, Any]]:
    return list(content.get("sections", []))


@dataclass(frozen=True)
class Step:
    """The button that moves the report on, and why it cannot."""

    slug: str
    label: Any
    verdict: Verdict


def _next_step(report: Report) -> Step | None:
    order = {
        ReportState.DRAFT: "til-godkendelse",
        ReportState.APPROVAL: "frys",
        ReportState.FROZEN: "send",
    }
    slug = order.get(ReportState(report.state))
    if slug is None:
        return None
    name = STEPS[slug]
    return Step(slug, REPORT.get(name).label, REPORT.check(report, name))


@dataclass(frozen=True)
class Side:
    """One side's answer to what stands in the report now."""

    label: Any
    given: ReportApproval | None


def _sides(report: Report) -> list[Side]:
    if report.state == ReportState.DRAFT:
        return []
    given = report.approvals.filter(sha256=report.sha256, approval_round=report.approval_round)
    by_side = {one.side: one for one in given.select_related("person")}
    return [Side(side.label, by_side.get(side)) for side in ApprovalSide]


def _may_approve(user: Any, report: Report) -> bool:
    """Is it this person's turn?"""
    if not policies.can_approve(user, report):
        return False
    given = report.approvals.filter(sha256=report.sha256, approval_round=report.approval_round)
    side = policies.side_of(user, report)
    return not given.filter(Q(person=user.pk) | Q(side=side)).exists()


# Receipts -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Receipts:
    """How many got it, opened it, and could not be reached."""

    people: int
    sent: int
    opened: int
    failed: int


def receipts(report: Report) -> Receipts:
    rows = recipient_rows(report)
    return Receipts(
        people=len(rows),
        sent=sum(one.state == DeliveryState.SENT for one in rows),
        opened=sum(one.recipient.opened_at is not None for one in rows),
        failed=sum(one.has_failed for one in rows),
    )


@dataclass(frozen=True)
class RecipientRow:
    recipient: ReportRecipient
    last: ReportDelivery | None

    @property
    def state(self) -> str:
        return self.last.state if self.last else ""

    @property
    def has_failed(self) -> bool:
        return self.state in (DeliveryState.REFUSED, DeliveryState.BOUNCED)

    @property
    def look(self) -> str:
        return DELIVERY_LOOKS[DeliveryState(self.state)] if self.last else "empty"


def recipient_rows(report: Report) -> list[RecipientRow]:
    """Everybody on the list with their newest mail. Two queries."""
    rows = list(report.recipients.filter(removed_at__isnull=True))
    mails = ReportDelivery.objects.filter(recipient__in=rows).order_by("number")
    last = {one.recipient_id: one for one in mails}
    return [RecipientRow(one, last.get(one.pk)) for one in rows]


def recipients_page(user: Any, report: Report) -> dict[str, Any]:
    gone = report.recipients.filter(removed_at__isnull=False).aggregate(n=Count("pk"))["n"]
    return {
        "report": report,
        "title": report_title(report),
        "rows": recipient_rows(report),
        "gone": gone,
        "runs": bool(policies.can_address(user, report)),
        "is_sent": report.state == ReportState.SENT,
    }


def edit_fields(report: Report) -> dict[str, str]:
    """The texts by the names of the form's fields."""
    return {key.replace(".", "__"): text for key, text in texts_of(report).items()}
