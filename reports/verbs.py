"""The words of the audit verbs of this app."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS: dict[str, str | Promise] = {
    # mandate
    "reports.hand_over": _("handed the open work to the next body"),
    "committee.revisit_held": _("recorded the re-visit"),
}
