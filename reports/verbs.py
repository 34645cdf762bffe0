"""The words of the audit verbs of this app."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS: dict[str, str | Promise] = {
    # Status and final reports.
    "reports.open_report": _("Began a report"),
    "reports.gather_report": _("Gathered the figures of a report"),
    "reports.set_report_dates": _("Set the dates of a report"),
    "reports.write_report": _("Wrote in a report"),
    "reports.send_report_to_approval": _("Sent a report to approval"),
    "reports.report_back_to_draft": _("Took a report back to draft"),
    "reports.approve_report": _("Approved a report"),
    "reports.freeze_report": _("Froze a report"),
    "reports.publish_report": _("Published a report"),
    "reports.withdraw_report": _("Withdrew a report from the public"),
    "reports.send_report": _("Sent a report"),
    "reports.resend_report": _("Sent a report once more"),
    "reports.add_recipient": _("Added a recipient of a report"),
    "reports.correct_recipient": _("Corrected a recipient of a report"),
    "reports.remove_recipient": _("Took a recipient off a report"),
    "reports.report_delivered": _("The mail server took a mail with a report"),
    "reports.report_refused": _("The mail server refused a mail with a report"),
    "reports.report_bounced": _("A mail with a report came back"),
    "reports.open_report_link": _("A recipient opened a report"),
    "reports.save_plan": _("Saved the plan for reports"),
    "reports.make_item_package": _("Put a report on an agenda"),
    # mandate
    "reports.hand_over": _("handed the open work to the next body"),
    "committee.revisit_held": _("recorded the re-visit"),
}
