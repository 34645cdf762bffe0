"""Words of hearings."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class HearingState(models.TextChoices):
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Ended")
    CANCELLED = "cancelled", _("Called off")


class Party(models.TextChoices):
    """Who is heard."""

    MED = "med", _("The employees (MED)")
    FOLLOW_GROUP = "follow_group", _("The follow group")
