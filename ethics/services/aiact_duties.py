"""Evidence that the AI Act's duties are met, and the gates that wait for it."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committee.models import User
from core import audit
from core.text import clean_text
from core.verdicts import Refused, StaleState
from ethics.enums.aiact import DutyState, EvidenceKind
from ethics.models import ObligationEvidence
from ethics.policies import aiact as policies
from ethics.selectors.aiact import DutyRow, binding_of, both_of, duties_of, gate_is_met
from usecases.enums import FINAL, Status
from usecases.models import UseCase
from usecases.services import facts
from usecases.services.texts import fresh

LONGEST_TEXT = 4000
LONGEST_LINK = 500


def _duty(case: UseCase, code: str) -> DutyRow:
    """The duty as the case has it. Raises `Refused` for one that it has not."""
    rows = duties_of(case, binding_of(*both_of(case)))
    row = next((row for row in rows if row.code == code), None)
    if row is None:
        raise Refused(_("The case does not have this duty."))
    return row


@transaction.atomic
def give_evidence(
    *, case: UseCase, code: str, kind: str, by: User, text: str = "", link: str = ""
) -> ObligationEvidence:
    """Say how one can see that the duty is met; what was there before is replaced, not changed."""
    policies.can_give_evidence(by, case).require()
    case = fresh(case)
    policies.can_give_evidence(by, case).require()
    duty = _duty(case, code)
    text, link = clean_text(text), link.strip()
    _check(duty, kind, text, link)
    now = timezone.now()
    _replace(case, code, now)
    row = ObligationEvidence.objects.create(
        case=case,
        code=code,
        kind=kind,
        text=text,
        link=link,
        holds_until=duty.applies_from if kind == EvidenceKind.NOT_YET else None,
        at=now,
        by=by,
    )
    told = {"code": code, "kind": kind, "evidence": row.pk}
    audit.record("ethics.give_evidence", case, by=by, scope=case.committee, data=told)
    refresh_gates(case)
    return row


def _check(duty: DutyRow, kind: str, text: str, link: str) -> None:
    if duty.state == DutyState.BLOCKED:
        raise Refused(_("No evidence can meet this. It must be assessed anew."))
    if kind not in EvidenceKind.values:
        raise Refused(_("Choose one of the answers."), "kind")
    if kind == EvidenceKind.NOT_YET:
        if duty.applies_from is None or duty.applies_from <= timezone.localdate():
            raise Refused(_("The duty applies already, so evidence is needed."), "kind")
    elif not text and not link:
        raise Refused(_("Write what shows it, or give a link."), "text")
    if len(text) > LONGEST_TEXT:
        raise Refused(_("Write at most %(n)s characters.") % {"n": LONGEST_TEXT}, "text")
    if link and (not link.startswith(("https://", "http://")) or len(link) > LONGEST_LINK):
        raise Refused(_("The link must begin with https://."), "link")


def _replace(case: UseCase, code: str, now: Any) -> int:
    rows = case.ai_act_evidence.filter(code=code, replaced_at__isnull=True)
    return rows.update(replaced_at=now)


@transaction.atomic
def verify_evidence(*, case: UseCase, evidence: int, by: User) -> ObligationEvidence:
    """Somebody else than the owner, and than the one who gave it, has looked at it."""
    policies.can_verify(by, case).require()
    case = fresh(case)
    rows = case.ai_act_evidence.filter(replaced_at__isnull=True, verified_at__isnull=True)
    row = rows.filter(pk=evidence).first()
    if row is None:
        raise StaleState(_("The evidence has been replaced or verified. Nothing was changed."))
    policies.can_verify(by, case, row).require()
    _duty(case, row.code)
    row.verified_at, row.verified_by = timezone.now(), by
    row.save(update_fields=["verified_at", "verified_by"])
    told = {"code": row.code, "evidence": row.pk}
    audit.record("ethics.verify_evidence", case, by=by, scope=case.committee, data=told)
    refresh_gates(case)
    return row


@transaction.atomic
def remove_evidence(*, case: UseCase, code: str, by: User) -> None:
    """Take back what no longer holds. The row is kept; the gate falls."""
    policies.can_give_evidence(by, case).require()
    case = fresh(case)
    policies.can_give_evidence(by, case).require()
    if not _replace(case, code, timezone.now()):
        raise StaleState(_("There is no evidence any more. Nothing was changed."))
    told = {"code": code}
    audit.record("ethics.remove_evidence", case, by=by, scope=case.committee, data=told)
    refresh_gates(case)


def refresh_gates(case: UseCase, today: date | None = None) -> None:
    """Tell the case's row whether its gates are open; the system counts what others verified."""
    if case.status in FINAL or case.status == Status.DRAFT:
        return
    assessment = binding_of(*both_of(case))
    if assessment is None:
        return
    rows = duties_of(case, assessment, today)
    for gate in facts.GATES:
        met = gate_is_met(rows, gate)
        if met != getattr(case, f"obligations_{gate}_met"):
            case = facts.set_obligations_met(case=case, gate=gate, met=met, by=None)


def mind_notes(today: date | None = None) -> int:
    """A note that a duty does not apply yet ends on the day it does: the gates fall that day."""
    today = today or timezone.localdate()
    ended = ObligationEvidence.objects.filter(
        kind=EvidenceKind.NOT_YET, replaced_at__isnull=True, holds_until__lte=today
    )
    cases = UseCase.objects.filter(ai_act_evidence__in=ended).exclude(status__in=FINAL).distinct()
    for case in cases:
        with transaction.atomic():
            refresh_gates(fresh(case), today)
    return len(cases)
