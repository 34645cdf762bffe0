"""Words of the reports' world. Imports nothing of ours."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReportKind(models.TextChoices):
    STATUS = "status", _("Status report")
    FINAL = "final", _("Final report")


class ReportState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    APPROVAL = "approval", _("Awaiting approval")
    FROZEN = "frozen", _("Approved and frozen")
    SENT = "sent", _("Sent")


class ApprovalSide(models.TextChoices):
    """Both sides must approve, by two different persons."""

    SECRETARIAT = "secretariat", _("Secretariat")
    LEADER = "leader", _("Chair or vice-chair")


class DeliveryState(models.TextChoices):
    """`sent` means that the mail server took it; `bounced` that it came back afterwards."""

    QUEUED = "queued", _("On its way")
    SENT = "sent", _("Sent")
    REFUSED = "refused", _("Refused by the mail server")
    BOUNCED = "bounced", _("Returned")


# Sets of states with a meaning.
UNFINISHED = frozenset({ReportState.DRAFT, ReportState.APPROVAL})
UNCHANGEABLE = frozenset({ReportState.FROZEN, ReportState.SENT})
