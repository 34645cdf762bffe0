"""The acts of the protocol in words. Every verb that is recorded has its words here."""

from typing import Any

from django.utils.translation import gettext_lazy as _

WORDS: dict[str, Any] = {
    # Conditions.
    "ethics.condition_add": _("added a condition"),
    "ethics.condition_change": _("changed a condition"),
    "ethics.condition_put_in_force": _("put a condition in force"),
    "ethics.condition_hand_in": _("handed in evidence for a condition"),
    "ethics.condition_withdraw": _("took evidence for a condition back"),
    "ethics.condition_verify": _("verified a condition"),
    "ethics.condition_reject": _("turned down evidence for a condition"),
    "ethics.condition_waive": _("recorded that a condition is waived"),
    "ethics.condition_reopen": _("opened a condition again"),
    "ethics.condition_drop": _("left a proposed condition out"),
    "ethics.condition_overdue": _("noted that a condition is far overdue"),
    "ethics.take_snapshot": _("froze what is decided on"),
    "ethics.condition_mail_not_sent": _("did not send a mail about a condition"),
}
