"""The long works of this app; each part registers its own."""

from django.utils.translation import gettext_lazy as _

from core.works import Maker, register
from reports.documents import dossier, personal_data

# Case dossiers.
for kind, label in (
    ("reports.dossier", _("Case dossier")),
    ("reports.dossier_zip", _("Case dossier with files")),
):
    register(Maker(kind, label, dossier.make_dossier, dossier.may_open_dossier))

# Personal data.
for kind, label in (
    ("reports.personal_data_json", _("Personal data (JSON)")),
    ("reports.personal_data_pdf", _("Personal data (PDF)")),
):
    register(Maker(kind, label, personal_data.make_export, personal_data.may_open_export))
