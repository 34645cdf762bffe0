"""The long works of this app; each part registers its own."""

from django.utils.translation import gettext_lazy as _

from core import works
from core.models import Work
from core.outbox import Report


def _report(work: Work, progress: Report) -> works.Made | None:
    # WeasyPrint is a slow import: only the worker that renders pays for it.
    from reports.documents.status import make_report

    return make_report(work, progress)


def _may_open_report(user: object, work: Work) -> bool:
    from reports.documents.status import may_open

    return may_open(user, work)


# Status and final reports.
works.register(works.Maker("reports.report", _("Report"), _report, _may_open_report))
