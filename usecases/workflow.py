"""The life cycle of a use case, L1–L15. No users here: who may make a move is the policies' part.

Guards read the case's own row. What ethics and meetings know is told to that row through
`usecases.services.facts`.
"""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.verdicts import YES, Verdict, no
from core.workflow import Workflow, move, register
from usecases.enums import FINAL, NOT_SETTLED, Decision, EthicsOutcome, RiskTier, Status
from usecases.record import record

S = Status


def unfilled(case: Any, *stages: str) -> list[Any]:
    """The record's fields that must be filled by these stages and are not, in order."""
    return [one for one in record().required_at(*stages) if not case.is_filled(one.key)]


def _yes_if(fact: Any, reason: Any) -> Verdict:
    return YES if fact else no(reason)


def screening_fields(case: Any) -> Verdict:
    return _yes_if(
        not unfilled(case, "submission"),
        _("Something must be filled in before you can submit. The page lists what."),
    )


def similar_answered(case: Any) -> Verdict:
    return _yes_if(
        case.similar_answer, _("Look at the similar proposals and say whether yours is different.")
    )


def has_reason(case: Any) -> Verdict:
    return _yes_if(case.status_reason.strip(), _("Write the reason."))


def has_revisit_date(case: Any) -> Verdict:
    return _yes_if(case.revisit_on, _("Set a date to look at it again."))


def not_prohibited(case: Any) -> Verdict:
    if case.risk_tier == RiskTier.PROHIBITED:
        return no(_("The AI Act prohibits this use."))
    return _yes_if(
        case.risk_tier not in NOT_SETTLED, _("It is not settled what the AI Act says of it.")
    )


def decision_for(wanted: Decision) -> Any:
    def decision_record(case: Any) -> Verdict:
        if not (case.decision == wanted and case.decision_body and case.decision_on):
            return no(_("The decision of the competent body is not recorded."))
        # A decision is used once: after a pilot, or when it lapsed, there must be a new one.
        recorded = case.decision_recorded_at
        if recorded is None or recorded < case.status_since:
            return no(_("The recorded decision has been used. There must be a new one."))
        if not case.decision_reasons.strip() or case.decision_revision != case.revision:
            return no(_("The recorded decision lacks its reasons or is about an earlier text."))
        return _yes_if(
            case.decision_deviation.strip() or not deviates(case, wanted),
            _("The decision goes against the recommendation. Write why."),
        )

    decision_record.__name__ = f"decision_record_{wanted.value}"
    return decision_record


def deviates(case: Any, wanted: str) -> bool:
    """Does the decision go against what was recommended?"""
    if not case.ethics_outcome:
        return False
    against = case.ethics_outcome == EthicsOutcome.NOT_RECOMMEND
    return against != (wanted == Decision.REJECT)


def in_mandate(case: Any) -> Verdict:
    return _yes_if(
        case.decision_in_mandate, _("The mandate of the body does not cover the date of decision.")
    )


def decision_valid(case: Any) -> Verdict:
    if case.material_change:
        return no(_("The proposal has changed since the decision. It needs a new one."))
    lapsed = case.decision_expires and case.decision_expires < timezone.localdate()
    return _yes_if(not lapsed, _("The decision has lapsed."))


def conditions_pilot(case: Any) -> Verdict:
    return _yes_if(case.conditions_pilot_met, _("The conditions for the pilot are not verified."))


def conditions_operation(case: Any) -> Verdict:
    return _yes_if(
        case.conditions_operation_met, _("The conditions for operation are not verified.")
    )


def obligations_pilot(case: Any) -> Verdict:
    return _yes_if(
        case.obligations_pilot_met, _("Duties of the AI Act before the pilot lack evidence.")
    )


def obligations_operation(case: Any) -> Verdict:
    return _yes_if(
        case.obligations_operation_met, _("Duties of the AI Act before operation lack evidence.")
    )


PLAN = ("pilot_start", "pilot_end", "success_measures", "stop_criteria", "affected_informed")


def pilot_plan(case: Any) -> Verdict:
    return _yes_if(
        all(case.is_filled(key) for key in PLAN), _("The plan of the pilot lacks facts.")
    )


def register_stages(case: Any) -> tuple[str, ...]:
    """What an entry must hold: before operation also the facts of operation."""
    before = ("submission", "review", "pilot")
    operates = case.status in (S.APPROVED_FOR_OPERATION, S.OPERATION)
    return (*before, "operation") if operates else before


def in_register(case: Any) -> Verdict:
    return _yes_if(
        case.register_approved_at,
        _("A second person has not approved the entry in the register yet."),
    )


def incident_closed(case: Any) -> Verdict:
    return _yes_if(
        case.incident_closed, _("The cause and what was done about it are not verified.")
    )


def retire_note(case: Any) -> Verdict:
    return _yes_if(
        not unfilled(case, "retirement"), _("Write what happens to data, contracts and routines.")
    )


def suspended_in(status: Status) -> Any:
    """Resuming goes back to where it was suspended."""

    def was_in(case: Any) -> Verdict:
        return _yes_if(
            case.previous_status == status,
            _("It was not in “%(state)s” when it was suspended.") % {"state": status.label},
        )

    was_in.__name__ = f"was_in_{status.value}"
    return was_in


def may_lapse(case: Any) -> Verdict:
    return _yes_if(not decision_valid(case), _("The decision still holds."))


BEFORE_DECISION = {S.DRAFT, S.SUBMITTED, S.UNDER_ASSESSMENT, S.PARKED}
TO_DECIDE = {S.UNDER_ASSESSMENT, S.PILOT_ENDED}
APPROVED = {S.APPROVED_FOR_PILOT, S.APPROVED_FOR_OPERATION}
D = Decision

LIFE_CYCLE = register(
    Workflow(
        name="use_case",
        field="status",
        states=dict(S.choices),
        final=FINAL,
        transitions=(
            move("submit", {S.DRAFT}, S.SUBMITTED, _("Submit"), screening_fields, similar_answered),
            move("take_up", {S.SUBMITTED}, S.UNDER_ASSESSMENT, _("Take up for assessment")),
            move(
                "park",
                {S.SUBMITTED, S.UNDER_ASSESSMENT},
                S.PARKED,
                _("Park"),
                has_reason,
                has_revisit_date,
            ),
            move("unpark", {S.PARKED}, S.SUBMITTED, _("Take up again")),
            move("withdraw", BEFORE_DECISION, S.WITHDRAWN, _("Take back"), has_reason),
            move(
                "approve_pilot",
                TO_DECIDE,
                S.APPROVED_FOR_PILOT,
                _("Approve for pilot"),
                not_prohibited,
                decision_for(D.PILOT),
                in_mandate,
            ),
            move(
                "approve_operation",
                TO_DECIDE,
                S.APPROVED_FOR_OPERATION,
                _("Approve for operation"),
                not_prohibited,
                decision_for(D.OPERATION),
                in_mandate,
            ),
            move(
                "reject",
                TO_DECIDE,
                S.REJECTED,
                _("Turn down"),
                decision_for(D.REJECT),
                in_mandate,
            ),
            move(
                "start_pilot",
                {S.APPROVED_FOR_PILOT},
                S.PILOT,
                _("Begin the pilot"),
                decision_valid,
                conditions_pilot,
                obligations_pilot,
                pilot_plan,
                in_register,
            ),
            move("end_pilot", {S.PILOT}, S.PILOT_ENDED, _("End the pilot")),
            move(
                "start_operation",
                {S.APPROVED_FOR_OPERATION},
                S.OPERATION,
                _("Put into operation"),
                decision_valid,
                conditions_operation,
                obligations_operation,
                in_register,
            ),
            move("suspend", {S.PILOT, S.OPERATION}, S.SUSPENDED, _("Suspend"), has_reason),
            # L13 goes back to where it came from: one arrow for each place.
            move(
                "resume_pilot",
                {S.SUSPENDED},
                S.PILOT,
                _("Resume the pilot"),
                suspended_in(S.PILOT),
                incident_closed,
                decision_valid,
            ),
            move(
                "resume_operation",
                {S.SUSPENDED},
                S.OPERATION,
                _("Resume operation"),
                suspended_in(S.OPERATION),
                incident_closed,
                decision_valid,
            ),
            move(
                "retire",
                {S.OPERATION, S.SUSPENDED, S.PILOT_ENDED, *APPROVED},
                S.RETIRED,
                _("Retire"),
                retire_note,
            ),
            move("lapse", APPROVED, S.UNDER_ASSESSMENT, _("Let the decision lapse"), may_lapse),
        ),
    )
)
