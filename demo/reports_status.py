"""The demo's status reports, through the services: one sent, and one that waits to be finished."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from committee.models import Committee
from demo.clock import at
from demo.holding import person
from reports.enums import DeliveryState
from reports.models import Report, ReportDelivery
from reports.services import reports, sending
from reports.services.planning import due_plans, prepare_draft, save_plan
from reports.services.texts import save_texts

RECIPIENT = "Økonomiudvalget"
FIRST_DAY = date(2025, 10, 1)
SENT_AGO, READ_AGO = 45, 43
HEADLINE = "AI i Gentofte: To møder er holdt, og de første anvendelser er i registeret"
FOREWORD = (
    "Udvalget er kommet i gang med ambitionen og de etiske retningslinjer. "
    "De første anvendelser af AI er samlet i registeret, så alle kan se, hvad der prøves af. "
    "Udvalget mangler at pege på de områder, der egner sig."
)
REQUESTS = (
    "1) At tage statusrapporten til efterretning.\n"
    "2) At bede fagområderne om at melde deres anvendelser af AI til registeret."
)
PEOPLE = [
    ("Udvalgssekretær, Økonomiudvalget", "oekonomiudvalget@example.dk"),
    ("Gruppeformand i kommunalbestyrelsen", "gruppeformand@example.dk"),
]


def seed_reports(committee: Committee) -> list[Report]:
    """A report that was sent before the plan's first period, and the plan's first draft."""
    first_of_period = _months_back(timezone.localdate(), 2)
    sent = _sent(committee, first_of_period - timedelta(days=1))
    save_plan(
        committee=committee,
        by=person("sekretariat"),
        recipient_name=RECIPIENT,
        starts_on=first_of_period,
        months=2,
        meets_after_days=(_meets_on() - _last_month_end()).days,
        deadline_days=12,
        draft_days=14,
    )
    drafts = [made for due in due_plans() if (made := prepare_draft(due))]
    return [sent, *drafts]


def _meets_on() -> date:
    return timezone.localdate() + timedelta(days=21)


def _last_month_end() -> date:
    return timezone.localdate().replace(day=1) - timedelta(days=1)


def _months_back(day: date, months: int) -> date:
    at_month = day.year * 12 + day.month - 1 - months
    return date(at_month // 12, at_month % 12 + 1, 1)


def _ago(days: int) -> datetime:
    on = timezone.localdate() - timedelta(days=days)
    return timezone.make_aware(datetime.combine(on, time(10, 15)))


def _sent(committee: Committee, last: date) -> Report:
    secretary = person("sekretariat")
    ago = min(SENT_AGO, (timezone.localdate() - last).days - 1)
    with at(_ago(ago)):
        report = reports.open_report(
            committee=committee,
            recipient_name=RECIPIENT,
            period_from=FIRST_DAY,
            period_to=last,
            due_on=last + timedelta(days=14),
            meets_on=last + timedelta(days=26),
            by=secretary,
        )
        _write(report, secretary)
        for name, email in PEOPLE:
            sending.add_recipient(report=report, name=name, email=email, by=secretary)
        _approve(report, secretary)
        reports.freeze(report=_fresh(report), by=secretary)
        sending.send_report(report=_fresh(report), by=secretary)
        # The mails left in their own time; the worker finds them settled.
        for mail in ReportDelivery.objects.filter(recipient__report=report):
            sending.settle_delivery(delivery=mail, state=DeliveryState.SENT)
    with at(_ago(min(READ_AGO, ago - 1))):
        sending.open_by_link(recipient=report.recipients.get(email=PEOPLE[0][1]))
    return _fresh(report)


def _write(report: Report, by: Any) -> None:
    texts = {"headline": HEADLINE, "foreword": FOREWORD, "requests": REQUESTS}
    save_texts(report=report, texts=texts, version=report.version, by=by)


def _approve(report: Report, secretary: Any) -> None:
    reports.send_to_approval(report=_fresh(report), by=secretary)
    sha256 = _fresh(report).sha256
    for somebody in (secretary, person("formand")):
        reports.approve(report=_fresh(report), sha256=sha256, by=somebody)


def _fresh(report: Report) -> Report:
    return Report.objects.select_related("committee__municipality", "previous").get(pk=report.pk)
