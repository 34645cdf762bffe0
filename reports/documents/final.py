"""The final report as a PDF: summary, contents with page numbers, numbered sections and figures."""

from reports.documents.status import report_pdf
from reports.enums import ReportKind
from reports.models import Report


def final_pdf(report: Report) -> bytes:
    """PDF/UA-1, in Danish; the same report always gives the same bytes.

    Drawn as every report is, by the template of its kind (`pdf/final_report.html`).
    """
    if report.kind != ReportKind.FINAL:
        raise ValueError(f"not a final report: {report.kind}")
    return report_pdf(report)
