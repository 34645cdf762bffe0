"""Words of the review rounds. Imports nothing of ours."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RoundKind(models.TextChoices):
    """Why a case is reviewed."""

    INITIAL = "initial", _("First review")
    PILOT_EVALUATION = "pilot_evaluation", _("Evaluation of the pilot")
    PERIODIC = "periodic", _("Regular review")
    MATERIAL_CHANGE = "material_change", _("Material change")
    INCIDENT = "incident", _("Incident")
    LAW_CHANGE = "law_change", _("New rules")
    LAPSE = "lapse", _("The decision lapsed")


class RoundState(models.TextChoices):
    """Where a review is."""

    SCREENING = "r_screening", _("Screening")
    NEEDS_INFO = "r_needs_info", _("Lacks information")
    INDIVIDUAL = "r_individual", _("Individual review (sealed)")
    DISCUSSION = "r_discussion", _("Discussion of the review")
    ASSESSED = "r_assessed", _("Joint assessment signed")
    AGENDA = "r_agenda", _("On the agenda")
    DEFERRED = "r_deferred", _("Put off")
    RECOMMENDED = "r_recommended", _("Recommendation given")
    DECISION = "r_decision", _("Before the competent body")
    CLOSED = "r_closed", _("Concluded")
    CANCELLED = "r_cancelled", _("Cancelled")


R = RoundState
ENDED = frozenset({R.CLOSED, R.CANCELLED})
OPEN = frozenset(RoundState) - ENDED
# The sheets of the turn have been revealed when a round is here.
REVEALED = frozenset(
    {R.DISCUSSION, R.ASSESSED, R.AGENDA, R.DEFERRED, R.RECOMMENDED, R.DECISION, R.CLOSED}
)
# Sheets are filled in; in the discussion by those who were late, without seeing the others'.
FILLING = frozenset({R.INDIVIDUAL, R.DISCUSSION})
# A material change sends these back to the screening (R15); from the later ones it starts anew.
RESTARTS = frozenset({R.INDIVIDUAL, R.DISCUSSION, R.ASSESSED, R.AGENDA})
# So long the reviewers do not see whose case it is, in blind mode.
BLIND = frozenset({R.SCREENING, R.NEEDS_INFO, R.INDIVIDUAL, R.DISCUSSION})


class Conflict(models.TextChoices):
    """Is there something that makes you partial in this case?"""

    NO = "no", _("No, I am impartial")
    YES = "yes", _("Yes, I am partial")
    DOUBT = "doubt", _("I am in doubt")


OUT = frozenset({Conflict.YES, Conflict.DOUBT})


class Capacity(models.TextChoices):
    """As what somebody takes part in a round. The last ones fill in no sheet."""

    COUNCIL = "council", _("Council member")
    CITIZEN = "citizen", _("Citizen member")
    EXPERT = "expert", _("Ethics reviewer")
    DPO = "dpo", _("Data protection officer")
    LEGAL = "legal", _("Lawyer")
    SECRETARIAT = "secretariat", _("Secretariat")
    OTHER = "other", _("Takes part in the discussion")


SHEETLESS = frozenset({Capacity.SECRETARIAT, Capacity.OTHER})
SEATS = frozenset({Capacity.COUNCIL, Capacity.CITIZEN})


class SheetAdvice(models.TextChoices):
    """What one reviewer would recommend."""

    RECOMMEND = "recommend", _("Recommend it")
    CONDITIONS = "recommend_with_conditions", _("Recommend it with conditions")
    NOT_RECOMMEND = "not_recommend", _("Do not recommend it")
    MORE = "more_information", _("I need more information")


class RoundDecision(models.TextChoices):
    """What the competent body decided. The first three move the case on."""

    PILOT = "approve_pilot", _("Yes, as a pilot")
    OPERATION = "approve_operation", _("Yes, in operation")
    REJECT = "reject", _("No")
    UPHOLD = "uphold", _("It may go on")
    SUSPEND = "suspend", _("It is suspended")


class Mover(models.TextChoices):
    """Who makes a move of a round; `ethics.policies.rounds` maps them to people and roles."""

    PROPOSER = "proposer", _("Proposer")
    OWNER = "owner", _("System owner")
    SECRETARIAT = "secretariat", _("Secretariat")
    CHAIR = "chair", _("Chair")
    MEMBER = "member", _("Committee member")
    DECIDER = "decider", _("Competent body")
    SYSTEM = "system", _("System")
