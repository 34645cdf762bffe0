"""Words of the assessment under the AI Act. Imports nothing of ours."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AssessmentState(models.TextChoices):
    DRAFT = "draft", _("Being answered")
    CONCLUDED = "concluded", _("Concluded")
    SUPERSEDED = "superseded", _("Replaced")


class EvidenceKind(models.TextChoices):
    EVIDENCE = "evidence", _("It is done, and here is how one can see it")
    NOT_YET = "not_yet", _("It does not apply yet")


class DutyState(models.TextChoices):
    MISSING = "missing", _("Evidence is missing")
    GIVEN = "given", _("Waits to be verified")
    VERIFIED = "verified", _("Verified")
    NOT_YET = "not_yet", _("Does not apply yet")
    BLOCKED = "blocked", _("Cannot be met")


class ReplayState(models.TextChoices):
    CHECKING = "checking", _("Being calculated")
    CHECKED = "checked", _("Calculated, waiting for you")
    APPLYING = "applying", _("Being re-opened")
    DONE = "done", _("Re-opened")
