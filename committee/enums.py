"""Words of the committee's world. Imports nothing of ours."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class BodyKind(models.TextChoices):
    COUNCIL = "council", _("Council")
    STANDING = "standing", _("Standing committee")
    TASK = "task", _("Task committee")


class Role(models.TextChoices):
    """What a person is in a body. A person may be several things at once."""

    CHAIR = "chair", _("Chair")
    VICE_CHAIR = "vice_chair", _("Vice-chair")
    MEMBER = "member", _("Member")
    SECRETARIAT = "secretariat", _("Secretariat")
    FOLLOW_GROUP = "follow_group", _("Follow group")
    REVIEWER = "reviewer", _("Ethics reviewer")
    SYSTEM_OWNER = "system_owner", _("System owner")
    COUNCIL_READER = "council_reader", _("Council reader")
    DPO = "dpo", _("Data protection officer")
    LEGAL = "legal", _("Lawyer")


# Sets of roles with a meaning; used by policies and `visible_to`.
LEADERS = frozenset({Role.CHAIR, Role.VICE_CHAIR})
SEATED = LEADERS | {Role.MEMBER}
READ_CLOSED = SEATED | {Role.SECRETARIAT}
SEE_DRAFTS = LEADERS | {Role.SECRETARIAT}
INSIDERS = frozenset(Role)


class SeatKind(models.TextChoices):
    COUNCIL = "council", _("Council member")
    CITIZEN = "citizen", _("Citizen member")


class DeliverableStatus(models.TextChoices):
    NOT_STARTED = "not_started", _("Not started")
    IN_PROGRESS = "in_progress", _("In progress")
    DONE = "done", _("Done")


class ShelfKind(models.TextChoices):
    STRATEGY = "strategy", _("Strategy")
    GUIDELINE = "guideline", _("Guideline")
    SURVEY = "survey", _("Survey")
    OTHER = "other", _("Other")


class RevisitOutcome(models.TextChoices):
    """What looking at a body's work again led to."""

    UPHELD = "upheld", _("It goes on as it is")
    ADJUSTED = "adjusted", _("It is adjusted")
    ENDED = "ended", _("It ends")


class HandedKind(models.TextChoices):
    """What is handed over; conditions, duties and reviews go with their case."""

    CASE = "case", _("Proposals and uses of AI")
    FOLLOW_UP = "follow_up", _("Follow-ups")
    CONDITION = "condition", _("Conditions")
    OBLIGATION = "obligation", _("Duties under the AI Act")
    REVIEW = "review", _("Reviews that are not decided")
