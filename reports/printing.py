"""Documents that are made by hand (`manage.py render_document`): each part adds its kinds."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.verdicts import Refused
from meetings.models import Meeting
from meetings.naming import document_filename
from meetings.selectors.printing import PRINTS, reading_to_print
from meetings.tasks.documents import document_bytes, sealed_file
from reports.audience import council_eyes
from reports.enums import ReportKind
from reports.models import Report
from reports.naming import report_filename
from usecases.models import UseCase


@dataclass(frozen=True)
class Printed:
    """A document, and the name it has when nobody gives another."""

    data: bytes
    filename: str


# The name of a kind → what makes it of a number. A maker raises `Refused` with a sentence.
PRINTERS: dict[str, Callable[[int], Printed]] = {}


def printer(kind: str) -> Callable[[Callable[[int], Printed]], Callable[[int], Printed]]:
    """Register a function under the name that the command knows."""

    def register(function: Callable[[int], Printed]) -> Callable[[int], Printed]:
        if PRINTERS.setdefault(kind, function) is not function:
            raise ValueError(f"two documents named {kind!r}")
        return function

    return register


# Of a meeting ----------------------------------------------------------------------------------


def _of_meeting(kind: str) -> Callable[[int], Printed]:
    def make(number: int) -> Printed:
        found = Meeting.objects.select_related("committee__municipality", "rule_profile")
        row = found.filter(pk=number).first()
        if row is None:
            raise Refused(_("There is no meeting %(number)s.") % {"number": number})
        reading = reading_to_print(row, kind)
        made, edition = PRINTS[kind]
        data = sealed_file(made, reading) or document_bytes(made, reading)
        return Printed(data, document_filename(row, made, edition))

    return make


for _kind in PRINTS:
    printer(_kind)(_of_meeting(_kind))


# Of a report -----------------------------------------------------------------------------------


def _of_report(kind: ReportKind) -> Callable[[int], Printed]:
    def make(number: int) -> Printed:
        from reports.documents.status import report_pdf

        rows = Report.objects.select_related("committee__municipality", "previous")
        report = rows.filter(pk=number, kind=kind).first()
        if report is None:
            raise Refused(_("There is no report %(number)s.") % {"number": number})
        return Printed(report_pdf(report), report_filename(report))

    return make


printer("status-report")(_of_report(ReportKind.STATUS))
printer("final-report")(_of_report(ReportKind.FINAL))


# Of a case -------------------------------------------------------------------------------------


@printer("dossier")
def _dossier(number: int) -> Printed:
    """As the council reads the case: the command asks nobody's role."""
    from reports.documents.dossier import dossier_pdf

    case = UseCase.objects.select_related("committee__municipality").filter(pk=number).first()
    if case is None or case.committee is None:
        raise Refused(_("There is no proposal %(number)s.") % {"number": number})
    return Printed(dossier_pdf(council_eyes(case.committee), case), f"sagsmappe-{case.number}.pdf")
