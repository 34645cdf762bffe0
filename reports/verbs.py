"""The words of the audit verbs of this app."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS: dict[str, str | Promise] = {
    # Case dossiers.
    "reports.request_dossier": _("had a case dossier made"),
}
