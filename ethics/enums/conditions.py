"""Words of conditions. Imports nothing of ours."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Gate(models.TextChoices):
    """What may not begin before the condition is met."""

    PILOT = "pilot", _("Before the pilot")
    OPERATION = "operation", _("Before operation")


class ConditionState(models.TextChoices):
    """Where a condition is."""

    PROPOSED = "proposed", _("Suggested")
    IN_FORCE = "in_force", _("In force")
    HANDED_IN = "handed_in", _("Evidence handed in")
    REJECTED = "rejected", _("Evidence turned down")
    VERIFIED = "verified", _("Verified")
    WAIVED = "waived", _("Waived")
    DROPPED = "dropped", _("Not used")


C = ConditionState
# A decision stands behind these: the gate asks for them.
STANDING = frozenset({C.IN_FORCE, C.HANDED_IN, C.REJECTED, C.VERIFIED, C.WAIVED})
# The gate is shut while one of them is here.
UNSETTLED = frozenset({C.IN_FORCE, C.HANDED_IN, C.REJECTED})
# The owner has something to do.
WITH_OWNER = frozenset({C.IN_FORCE, C.REJECTED})
# What binds, and citizens therefore may read.
BINDING = STANDING - {C.WAIVED}


class Source(models.TextChoices):
    """Where a condition comes from."""

    DECISION = "decision", _("The decision")
    FLAG = "flag", _("A flag of the ethics review")
    QUESTION = "question", _("A question of the ethics review")
    CASE = "case", _("Another proposal")
    OTHER = "other", _("The secretariat")


class EventKind(models.TextChoices):
    """A line of the history."""

    ADDED = "added", _("Added")
    CHANGED = "changed", _("Changed; before that it said")
    PUT_IN_FORCE = "put_in_force", _("Put in force")
    HAND_IN = "hand_in", _("Evidence handed in")
    WITHDRAW = "withdraw", _("Evidence taken back")
    VERIFY = "verify", _("Evidence verified")
    REJECT = "reject", _("Evidence turned down")
    WAIVE = "waive", _("Waived")
    DROP = "drop", _("Not used")
    REOPEN = "reopen", _("Opened again")
    OVERDUE = "overdue", _("More than 30 days overdue")
