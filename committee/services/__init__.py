"""Every act on a body and its people: policy, write and audit in one transaction."""

from committee.services.bodies import (
    NewDeliverable,
    NewSeats,
    NewSection,
    adopt_rule_profile,
    adopt_terms,
    check_rules_ref,
    create_committee,
)
from committee.services.people import (
    appoint_member,
    change_membership,
    check_appointment,
    create_user,
    end_membership,
    start_view_as,
)
from committee.services.revisits import Held, hold_revisit, remind_revisits
from committee.services.work import (
    NewEvidence,
    add_evidence,
    check_address,
    save_shelf_document,
    set_deliverable_status,
)

__all__ = [
    "Held",
    "NewDeliverable",
    "NewEvidence",
    "NewSeats",
    "NewSection",
    "add_evidence",
    "adopt_rule_profile",
    "adopt_terms",
    "appoint_member",
    "change_membership",
    "check_address",
    "check_appointment",
    "check_rules_ref",
    "create_committee",
    "create_user",
    "end_membership",
    "hold_revisit",
    "remind_revisits",
    "save_shelf_document",
    "set_deliverable_status",
    "start_view_as",
]
