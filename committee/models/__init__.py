from committee.models.bodies import Committee, CouncilDecision, Municipality
from committee.models.mandate import HandOver, HandOverRow, Revisit
from committee.models.people import Membership, User, committees_where, roles_in, roles_of
from committee.models.shelf import ShelfDocument, ShelfFigure
from committee.models.terms import (
    Deliverable,
    DeliverableEvidence,
    RuleProfile,
    SeatGroup,
    TermsOfReference,
    TermsSection,
)

__all__ = [
    "Committee",
    "CouncilDecision",
    "Deliverable",
    "DeliverableEvidence",
    "HandOver",
    "HandOverRow",
    "Membership",
    "Municipality",
    "Revisit",
    "RuleProfile",
    "SeatGroup",
    "ShelfDocument",
    "ShelfFigure",
    "TermsOfReference",
    "TermsSection",
    "User",
    "committees_where",
    "roles_in",
    "roles_of",
]
