"""Words of guidelines and dilemmas."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class VersionState(models.TextChoices):
    """Where a version of a guideline is."""

    DRAFT = "draft", _("Draft version")
    ADOPTED = "adopted", _("Adopted")
    SUPERSEDED = "superseded", _("Replaced by a newer version")


class AmendmentState(models.TextChoices):
    """What became of a proposed change of one section."""

    OPEN = "open", _("Awaits an answer")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Taken back")


class DilemmaState(models.TextChoices):
    OPEN = "open", _("Being discussed")
    SETTLED = "settled", _("Clarified")


class Side(models.TextChoices):
    FOR = "for", _("For")
    AGAINST = "against", _("Against")
