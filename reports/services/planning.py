"""Reports that begin by themselves: the period is over soon, and the deadline is near."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committee.models import Committee
from core import audit
from core.verdicts import Refused
from reports.enums import ReportKind
from reports.models import Report, ReportPlan
from reports.policies import reports as policies
from reports.services.reports import open_report

LONGEST_MANDATE = 60
# Months of a period: what divides a year.
PERIODS = (1, 2, 3, 4, 6, 12)


@dataclass(frozen=True)
class Due:
    """One report of a plan: its period, and its three days."""

    plan: ReportPlan
    period_from: date
    period_to: date

    @property
    def meets_on(self) -> date:
        return self.period_to + timedelta(days=self.plan.meets_after_days)

    @property
    def due_on(self) -> date:
        return self.meets_on - timedelta(days=self.plan.deadline_days)

    @property
    def draft_on(self) -> date:
        return self.due_on - timedelta(days=self.plan.draft_days)


def periods(plan: ReportPlan) -> list[Due]:
    """The periods of a plan, in order, to the end of the mandate."""
    found: list[Due] = []
    first = plan.starts_on
    for _n in range(LONGEST_MANDATE):
        if plan.committee.mandate_to and first > plan.committee.mandate_to:
            break
        after = _months_later(first, plan.months)
        found.append(Due(plan, first, after - timedelta(days=1)))
        first = after
    return found


def _months_later(day: date, months: int) -> date:
    at = day.month - 1 + months
    year, month = day.year + at // 12, at % 12 + 1
    last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month, min(day.day, last))


def next_due(plan: ReportPlan, today: date | None = None) -> Due | None:
    """The first period whose report is not begun and whose council meeting is to come."""
    today = today or timezone.localdate()
    begun = set(
        Report.objects.filter(committee=plan.committee_id, kind=ReportKind.STATUS).values_list(
            "period_to", flat=True
        )
    )
    coming = (one for one in periods(plan) if one.meets_on >= today)
    return next((one for one in coming if one.period_to not in begun), None)


def due_plans(today: date | None = None) -> list[Due]:
    """What is to be begun today."""
    today = today or timezone.localdate()
    plans = ReportPlan.objects.select_related("committee__municipality")
    found = (next_due(plan, today) for plan in plans)
    return [one for one in found if one is not None and one.draft_on <= today]


@transaction.atomic
def prepare_draft(due: Due) -> Report | None:
    """Begin the report of a period, unless somebody has."""
    Committee.objects.select_for_update().get(pk=due.plan.committee_id)
    same = Report.objects.filter(
        committee=due.plan.committee_id, kind=ReportKind.STATUS, period_to=due.period_to
    )
    if same.exists():
        return None
    return open_report(
        committee=due.plan.committee,
        recipient_name=due.plan.recipient_name,
        period_from=due.period_from,
        period_to=due.period_to,
        due_on=due.due_on,
        meets_on=due.meets_on,
        by=None,
    )


@transaction.atomic
def save_plan(*, committee: Committee, by: Any, **fields: Any) -> ReportPlan:
    """How often the committee reports, and to whom."""
    policies.can_run(by, committee.pk).require()
    if fields.get("months", 3) not in PERIODS:
        raise Refused(_("Choose how long a period is."), "months")
    plan, _made = ReportPlan.objects.update_or_create(committee=committee, defaults=fields)
    facts = {name: str(value) for name, value in fields.items() if name != "recipient_name"}
    audit.record("reports.save_plan", plan, by=by, scope=committee, data=facts)
    return plan
