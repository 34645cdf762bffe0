"""The words of the audit verbs of this app."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS: dict[str, str | Promise] = {
    # Case dossiers.
    "reports.request_dossier": _("had a case dossier made"),
    # Personal data.
    "reports.export_person": _("had an export of personal data made"),
    "reports.ask_erasure": _("asked for personal data to be erased"),
    "reports.drop_erasure": _("dropped a request for erasure"),
    "reports.erase_person": _("erased a person's data"),
}
