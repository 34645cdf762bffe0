"""Facts about a case that others find out: ethics, the competent body, the secretariat.

The guards of the life cycle read them on the case's own row; nothing here moves the case.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committee.models import Committee
from core import audit
from core.text import clean_text
from core.verdicts import NotAllowed, Refused, StaleState, Verdict
from usecases import hooks, policies
from usecases.enums import FINAL, Decision, DecisionAccess, EthicsOutcome, RiskTier, Status
from usecases.models import UseCase
from usecases.services.texts import fresh
from usecases.workflow import LIFE_CYCLE, register_stages, unfilled

GATES = ("pilot", "operation")
LONGEST = 5000
LONGEST_LINK = 500


def _set(case: UseCase, verb: str, by: Any, **facts: Any) -> UseCase:
    if case.status in FINAL or case.status == Status.DRAFT:
        raise StaleState(_("The proposal is a draft or closed. Nothing was changed."))
    for name, value in facts.items():
        setattr(case, name, value)
    case.updated_at = timezone.now()
    case.save(update_fields=[*facts, "updated_at"])
    kept = {k: v for k, v in facts.items() if isinstance(v, bool | int) or k in TOLD}
    data = {k: str(v) if isinstance(v, date) else v for k, v in kept.items()}
    audit.record(f"usecases.{verb}", case, by=by, scope=case.committee, data=data)
    return case


# Facts that are no texts and go into the protocol.
TOLD = {
    "risk_tier",
    "ruleset",
    "ethics_outcome",
    "ethics_on",
    "decision",
    "decision_on",
    "rereview_on",
}


def _checked(case: UseCase, verdict: Verdict) -> UseCase:
    verdict.require()
    return fresh(case)


@transaction.atomic
def record_classification(*, case: UseCase, tier: str, ruleset: str, by: Any) -> UseCase:
    """What the AI Act's rules say, and which version of them was asked."""
    if tier not in RiskTier.values:
        raise Refused(_("Choose one of the answers."), "tier")
    case = _checked(case, policies.runs(by, case))
    return _set(case, "record_classification", by, risk_tier=tier, ruleset=ruleset[:60])


@transaction.atomic
def record_ethics_outcome(*, case: UseCase, outcome: str, on: date, by: Any) -> UseCase:
    """What the committee recommends after its review."""
    if outcome not in EthicsOutcome.values:
        raise Refused(_("Choose one of the answers."), "outcome")
    case = _checked(case, policies.can_recommend(by, case))
    return _set(case, "record_ethics_outcome", by, ethics_outcome=outcome, ethics_on=on)


@dataclass(frozen=True, kw_only=True)
class DecisionRecord:
    """What the competent body decided, as it stands in the body's own minutes.

    `committee` is the body when we know its mandate; another body answers for its own.
    """

    decision: str
    body: str
    on: date
    reasons: str
    committee: Committee | None = None
    case_id: str = ""
    item: str = ""
    link: str = ""
    conditions: str = ""
    dissent: str = ""
    deviation: str = ""
    access: str = DecisionAccess.OPEN
    ground: str = ""
    expires: date | None = None


# How much of each text is kept: on one line, and as paragraphs.
LINES = {"body": 200, "case_id": 60, "item": 60, "ground": 200, "link": LONGEST_LINK}
PARAGRAPHS = ("reasons", "conditions", "dissent", "deviation")


@transaction.atomic
def record_decision(*, case: UseCase, record: DecisionRecord, by: Any) -> UseCase:
    """Keep what the competent body decided. The move itself (`move_case`) is a verb of its own.

    Raises `Refused` for what lacks or cannot be, `StaleState` where nothing can be decided.
    """
    case = _checked(case, policies.runs(by, case))
    _check_can_be_decided(case, record)
    _check_words(record)
    return _set(case, "record_decision", by, **_columns(record), decision_revision=case.revision)


def _check_can_be_decided(case: UseCase, record: DecisionRecord) -> None:
    if record.decision not in Decision.values:
        raise Refused(_("Choose what was decided."), "decision")
    if case.status not in LIFE_CYCLE.get(record.decision).sources:
        raise StaleState(_("The proposal is not where it can be decided. Nothing was changed."))


def _check_words(record: DecisionRecord) -> None:
    if not record.body.strip():
        raise Refused(_("Write who decided."), "body")
    if record.on > timezone.localdate():
        raise Refused(_("The date of the decision cannot be in the future."), "on")
    if not clean_text(record.reasons):
        raise Refused(_("Write the reasons."), "reasons")
    if record.access not in DecisionAccess.values:
        raise Refused(_("Choose open or closed."), "access")
    if record.access == DecisionAccess.CLOSED and not record.ground.strip():
        raise Refused(_("A closed item needs its legal ground."), "ground")
    _check_link(record.link.strip())


def _check_link(link: str) -> None:
    if (link and not link.startswith(("https://", "http://"))) or len(link) > LONGEST_LINK:
        raise Refused(_("The link must begin with https://."), "link")


def _columns(record: DecisionRecord) -> dict[str, Any]:
    lines = {name: getattr(record, name).strip()[:most] for name, most in LINES.items()}
    texts = {name: clean_text(getattr(record, name))[:LONGEST] for name in PARAGRAPHS}
    plain = {"on": record.on, "access": record.access, "expires": record.expires}
    found = {f"decision_{name}": value for name, value in (lines | texts | plain).items()}
    return found | {
        "decision": record.decision,
        "decision_recorded_at": timezone.now(),
        "decided_in": None,
        "decision_in_mandate": _in_mandate(record.committee, record.on),
    }


def _in_mandate(committee: Committee | None, on: date) -> bool:
    if committee is None:
        return True
    begun = committee.mandate_from is None or committee.mandate_from <= on
    return begun and (committee.mandate_to is None or on <= committee.mandate_to)


@transaction.atomic
def set_conditions_met(*, case: UseCase, gate: str, met: bool, by: Any) -> UseCase:
    """Somebody other than the owner has verified all conditions before `gate`, or one fell away.

    Recorded by hand. Raises `NotAllowed` when each condition is followed on its own.
    """
    _check_gate(gate)
    case = _checked(case, policies.can_verify_conditions(by, case))
    if keeper := hooks.keeper_of(case, f"conditions_{gate}"):
        raise NotAllowed(keeper.reason)
    return _set(case, "set_conditions_met", by, **{f"conditions_{gate}_met": met})


@transaction.atomic
def keep_conditions_met(*, case: UseCase, gate: str, met: bool, by: Any) -> UseCase:
    """What the conditions that are followed one by one say, whoever touched one of them.

    For the app that keeps them: who may do what with a condition was asked there.
    """
    _check_gate(gate)
    case = fresh(case)
    if getattr(case, f"conditions_{gate}_met") == met:
        return case
    return _set(case, "set_conditions_met", by, **{f"conditions_{gate}_met": met})


@transaction.atomic
def set_obligations_met(*, case: UseCase, gate: str, met: bool, by: Any) -> UseCase:
    """The AI Act's duties before `gate` have their evidence, or one fell away.

    Nobody (`by=None`) is the system, which has counted what others verified.
    """
    _check_gate(gate)
    case = fresh(case) if by is None else _checked(case, policies.can_verify_conditions(by, case))
    return _set(case, "set_obligations_met", by, **{f"obligations_{gate}_met": met})


def _check_gate(gate: str) -> None:
    if gate not in GATES:
        raise Refused(_("Choose pilot or operation."), "gate")


@transaction.atomic
def approve_register_entry(*, case: UseCase, by: Any) -> UseCase:
    """A second person has read what the public will see. Refused while something lacks."""
    case = _checked(case, policies.can_approve_register_entry(by, case))
    if lacking := unfilled(case, *register_stages(case)):
        names = ", ".join(one.short for one in lacking[:5])
        raise NotAllowed(_("The entry lacks: %(names)s.") % {"names": names})
    return _set(
        case,
        "approve_register_entry",
        by,
        register_approved_at=timezone.now(),
        register_approved_by=by,
    )


@transaction.atomic
def report_material_change(*, case: UseCase, by: Any) -> UseCase:
    """Something of what was decided on is no longer so; the decision no longer holds."""
    case = _checked(case, policies.can_edit(by, case))
    return _set(case, "report_material_change", by, material_change=True)


@transaction.atomic
def record_upheld(*, case: UseCase, rereview_on: date, by: Any) -> UseCase:
    """A use was reviewed again and may go on as it is now, until it is reviewed the next time."""
    case = _checked(case, policies.runs(by, case))
    if rereview_on <= timezone.localdate():
        raise Refused(_("Choose a date that is still to come."), "review_again")
    return _set(case, "record_upheld", by, rereview_on=rereview_on, material_change=False)


@transaction.atomic
def close_incident(*, case: UseCase, by: Any) -> UseCase:
    """The cause is described and what was done about it is verified."""
    case = _checked(case, policies.can_verify_conditions(by, case))
    if case.status != Status.SUSPENDED:
        raise StaleState(_("The use is not suspended. Nothing was changed."))
    return _set(case, "close_incident", by, incident_closed=True)
