"""The finished reports of a period, as a table of an archive package."""

from collections.abc import Iterator
from datetime import date

from reports.models import Report
from reports.selectors.archive_registry import Contributor, Row, iso
from reports.selectors.archive_scope import Scope
from reports.selectors.reading import shown_content


def reports_of(scope: Scope) -> list[Report]:
    """Those that were frozen in the period and that readers of this edition know."""
    if scope.only_meeting:
        return []
    rows = Report.objects.visible_to(scope.eyes).finished().filter(committee=scope.committee)
    rows = rows.filter(frozen_at__gte=scope.begin, frozen_at__lt=scope.end)
    return list(rows.select_related("committee__municipality").order_by("frozen_at", "pk"))


def _rows(scope: Scope) -> Iterator[Row]:
    for report in reports_of(scope):
        yield {
            "id": report.pk,
            "number": report.number,
            "kind": report.kind,
            "state": report.state,
            "recipient_name": report.recipient_name,
            "period_from": _day(report.period_from),
            "period_to": _day(report.period_to),
            "frozen_at": iso(report.frozen_at),
            "sha256": report.sha256,
            "content": shown_content(report),
        }


def _day(day: date) -> str:
    return day.isoformat()


REPORTS = Contributor(
    "rapporter",
    "Rapporter til kommunalbestyrelsen",
    {
        "id": "number",
        "number": "number",
        "kind": "text",
        "state": "text",
        "recipient_name": "text",
        "period_from": "date",
        "period_to": "date",
        "frozen_at": "moment",
        "sha256": "text",
        "content": "data",
    },
    _rows,
    "reports.Report",
)
