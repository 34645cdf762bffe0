"""The reports to the council in an archive package."""

from collections.abc import Callable, Iterator
from pathlib import Path

from reports.documents.archive import documents_from
from reports.documents.archive_index import Document
from reports.documents.status import report_pdf
from reports.models import Report
from reports.naming import report_filename, report_title
from reports.selectors.archive_reports import reports_of
from reports.selectors.archive_scope import Scope

GROUP = "Rapporter til kommunalbestyrelsen"


@documents_from
def report_documents(scope: Scope) -> Iterator[Document]:
    """The PDF of every finished report of the period."""
    for report in reports_of(scope):
        yield Document(
            f"rapporter/{report.pk:04d}-{report_filename(report)}",
            report_title(report),
            GROUP,
            _writer(report),
        )


def _writer(report: Report) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        path.write_bytes(report_pdf(report))

    return write
