"""Ask for the PDF of a report: the same content and looks are the same file."""

from typing import Any

from core import works
from core.canonical import canonical_json, sha256_hex
from core.models import Work
from reports.models import Report
from reports.naming import report_title
from reports.selectors.reading import shown_content

KIND = "reports.report"
# Raise it when the template changes what the document says, so that stale files are not served.
LAYOUT = 1


def work_key(report: Report) -> str:
    """Names exactly one PDF: what a reader may read now, and the municipality's looks."""
    municipality = report.committee.municipality
    looks = [municipality.colour, municipality.logo.name or "", LAYOUT]
    marks = [report.is_frozen, report.sha256]
    return f"{KIND}:{sha256_hex(canonical_json([shown_content(report), looks, marks]))}"


def find_report_work(report: Report) -> Work | None:
    return works.find_work(work_key(report))


def request_report(report: Report, *, by: Any) -> Work:
    return works.request_work(
        kind=KIND,
        key=work_key(report),
        title=report_title(report)[:200],
        params={"report": report.pk},
        by=by,
    )
