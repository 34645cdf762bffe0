"""The words of the audit verbs of this app."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS: dict[str, str | Promise] = {
    # The archive.
    "reports.ask_package": _("asked for an archive package"),
    "reports.check_package": _("checked an archive package"),
    "reports.read_package": _("opened an archive package with closed items"),
    "reports.apply_retention": _("deleted what the rules of retention no longer keep"),
}
