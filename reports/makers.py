"""The long works of this app; each part registers its own."""

from django.utils.translation import gettext_lazy as _

from core.models import Work
from core.outbox import Report
from core.works import Made, Maker, register
from reports.documents import (  # noqa: F401 - the archive registers its own
    archive_makers,
    dossier,
    personal_data,
)


def _report(work: Work, progress: Report) -> Made | None:
    # WeasyPrint is a slow import: only the worker that renders pays for it.
    from reports.documents.status import make_report

    return make_report(work, progress)


def _may_open_report(user: object, work: Work) -> bool:
    from reports.documents.status import may_open

    return may_open(user, work)


# Status and final reports.
register(Maker("reports.report", _("Report"), _report, _may_open_report))

# Case dossiers.
for kind, label in (
    ("reports.dossier", _("Case dossier")),
    ("reports.dossier_zip", _("Case dossier with files")),
):
    register(
        Maker(
            kind,
            label,
            dossier.make_dossier,
            dossier.may_open_dossier,
            may_list=dossier.may_list_dossier,
        )
    )

# Personal data.
for kind, label in (
    ("reports.personal_data_json", _("Personal data (JSON)")),
    ("reports.personal_data_pdf", _("Personal data (PDF)")),
):
    register(Maker(kind, label, personal_data.make_export, personal_data.may_open_export))
