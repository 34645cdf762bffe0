"""Words of the use cases. Imports nothing of ours."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    """Where a use case is in its life."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    UNDER_ASSESSMENT = "under_assessment", _("Under assessment")
    PARKED = "parked", _("Parked")
    APPROVED_FOR_PILOT = "approved_for_pilot", _("Approved for pilot")
    PILOT = "pilot", _("Pilot")
    PILOT_ENDED = "pilot_ended", _("Pilot ended")
    APPROVED_FOR_OPERATION = "approved_for_operation", _("Approved for operation")
    OPERATION = "operation", _("In operation")
    SUSPENDED = "suspended", _("Suspended")
    RETIRED = "retired", _("Retired")
    REJECTED = "rejected", _("Turned down")
    WITHDRAWN = "withdrawn", _("Taken back")


S = Status
FINAL = frozenset({S.RETIRED, S.REJECTED, S.WITHDRAWN})
PUBLIC = frozenset(
    {
        S.APPROVED_FOR_PILOT,
        S.PILOT,
        S.PILOT_ENDED,
        S.APPROVED_FOR_OPERATION,
        S.OPERATION,
        S.SUSPENDED,
        S.RETIRED,
        S.REJECTED,
    }
)
TITLE_ONLY = frozenset({S.UNDER_ASSESSMENT})
# A decision stands behind these: a material change of the text undoes it.
DECIDED = frozenset(
    {S.APPROVED_FOR_PILOT, S.PILOT, S.APPROVED_FOR_OPERATION, S.OPERATION, S.SUSPENDED}
)


class RiskTier(models.TextChoices):
    """The outcome of the AI Act's rules; empty until somebody has answered them."""

    PROHIBITED = "prohibited", _("Prohibited")
    HIGH_ANNEX_III = "high_risk_annex_iii", _("High risk, Annex III")
    HIGH_ANNEX_I = "high_risk_annex_i", _("High risk, Annex I")
    DEROGATED = "derogated", _("Listed, but not high risk")
    TRANSPARENCY = "transparency", _("Duty to inform")
    GPAI = "gpai_provider", _("Provider of a general-purpose model")
    MINIMAL = "minimal", _("Minimal risk")
    OUT_OF_SCOPE = "out_of_scope", _("Not covered")
    UNRESOLVED = "unresolved", _("To be settled")


NOT_SETTLED = frozenset({"", RiskTier.UNRESOLVED})


class EthicsOutcome(models.TextChoices):
    RECOMMEND = "recommend", _("Recommended")
    CONDITIONS = "recommend_with_conditions", _("Recommended with conditions")
    NOT_RECOMMEND = "not_recommend", _("Not recommended")


class Decision(models.TextChoices):
    """What the competent body decided; each drives one move of the life cycle."""

    PILOT = "approve_pilot", _("Yes, as a pilot")
    OPERATION = "approve_operation", _("Yes, in operation")
    REJECT = "reject", _("No")


class DecisionAccess(models.TextChoices):
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


class SimilarAnswer(models.TextChoices):
    NONE = "none", _("None of them is like it")
    DIFFERENT = "different", _("It is different")
    DUPLICATE = "duplicate", _("It is the same")


class TokenPart(models.TextChoices):
    TITLE = "title", _("Title")
    TEXT = "text", _("Text")


class Actor(models.TextChoices):
    """Who makes a move; `usecases.policies` maps them to people and roles."""

    PROPOSER = "proposer", _("Proposer")
    OWNER = "owner", _("System owner")
    SECRETARIAT = "secretariat", _("Secretariat")
    DECIDER = "decider", _("Competent body")
    CHAIR = "chair", _("Chair")
    DPO = "dpo", _("Data protection officer")
    SECURITY = "security", _("Information security")
    SYSTEM = "system", _("System")
