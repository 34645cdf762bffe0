"""The long works of this app; each part registers its own."""

from django.utils.translation import gettext_lazy as _

from core import works
from reports.documents import dossier

# Case dossiers.
for kind, label in (("reports.dossier", _("Case dossier")), ("reports.dossier_zip", _("Case dossier with files"))):
    works.register(
        works.Maker(kind=kind, label=label, make=dossier.make_dossier, may_open=dossier.may_open_dossier)
    )
