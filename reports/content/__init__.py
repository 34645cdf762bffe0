"""What a report holds: for each kind a function from the report to one plain dict.

The dict is made of JSON types only; page and PDF are both drawn from it, and it is what is
frozen. Each kind has a module here and registers itself below.
"""

from collections.abc import Callable
from typing import Any

from reports.enums import ReportKind
from reports.models import Report

Content = dict[str, Any]
CONTENT: dict[str, Callable[[Report], Content]] = {}


def gather_content(report: Report) -> Content:
    """What the report holds as things stand now. Raises `KeyError` for an unknown kind."""
    return CONTENT[ReportKind(report.kind)](report)


def _register() -> None:
    from reports.content.final import final_content
    from reports.content.status import status_content

    CONTENT[ReportKind.STATUS] = status_content
    # The final report
    CONTENT[ReportKind.FINAL] = final_content


_register()
