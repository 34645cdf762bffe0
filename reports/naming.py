"""Words for periods, titles and files of reports."""

from datetime import date, timedelta
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from core.templatetags.ur import day_month, full_date
from reports.enums import ReportKind

NAMES = {ReportKind.STATUS: "statusrapport", ReportKind.FINAL: "slutrapport"}


def period_name(first: date, last: date) -> str:
    """”1. kvartal 2026” for a whole quarter, ”1. halvår 2026”, ”2026”, else both days."""
    months = _whole_months(first, last)
    if months == 12 and first.month == 1:
        return str(first.year)
    if months == 6 and first.month in (1, 7):
        return _("%(n)s. half of %(year)s") % {"n": 1 + first.month // 7, "year": first.year}
    if months == 3 and first.month in (1, 4, 7, 10):
        facts = {"n": 1 + first.month // 3, "year": first.year}
        return _("%(n)s. quarter of %(year)s") % facts
    begin = day_month(first) if first.year == last.year else full_date(first)
    return f"{begin} – {full_date(last)}"


def _whole_months(first: date, last: date) -> int:
    """How many months the period is, when it is whole months; else 0."""
    after = last + timedelta(days=1)
    if first.day != 1 or after.day != 1:
        return 0
    return (after.year - first.year) * 12 + after.month - first.month


def report_title(report: Any) -> str:
    """”Statusrapport til Økonomiudvalget, 1. kvartal 2026”."""
    return _("%(kind)s to %(recipient)s, %(period)s") % {
        "kind": report.get_kind_display(),
        "recipient": report.recipient_name,
        "period": period_name(report.period_from, report.period_to),
    }


def report_filename(report: Any) -> str:
    """A name that sorts and says what it is; nothing anybody wrote."""
    kind = NAMES[ReportKind(report.kind)]
    return f"{report.period_to}-{slugify(report.committee.slug)}-{kind}-{report.number}.pdf"
