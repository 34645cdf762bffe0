"""Conditions: add, change, take over from another case, and every move of the table.

The case's row is the lock. After each act the facts that the guards of the life cycle read are
made what the rows say (`settle_gates`).
"""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core import audit, outbox
from core.store import store_bytes
from core.templatetags.ur import full_date
from core.text import clean_text
from core.verdicts import Refused, StaleState, Verdict
from ethics.enums.conditions import STANDING, ConditionState, EventKind, Gate, Source
from ethics.models import Condition, ConditionEvent, ConditionEvidence
from ethics.policies import conditions as policies
from ethics.selectors.conditions import is_met, possible_owners
from ethics.workflow_conditions import CONDITION
from usecases.enums import DECIDED, FINAL, Status
from usecases.models import UseCase
from usecases.services.facts import keep_conditions_met
from usecases.services.texts import fresh

SEND = "ethics.send_condition"
LONGEST = 2000
LONGEST_REASON = 2000
LONGEST_LINK = 500
# How long an owner gets for what is taken over from a case with another timetable.
SHORTEST_TIME, LONGEST_TIME = 30, 365
USUAL_TIME = 90
C = ConditionState


# Keeping the gates ---------------------------------------------------------------------------


def settle_gates(case: UseCase, by: Any) -> None:
    """Make the facts on the case what its conditions say; also on the row that is passed.

    A gate without conditions keeps what the decision, or the secretariat by hand, has said.
    """
    if case.status == Status.DRAFT or case.status in FINAL:
        return
    for gate in Gate.values:
        met = is_met(case, gate)
        if met is not None:
            keep_conditions_met(case=case, gate=gate, met=met, by=by)
            setattr(case, f"conditions_{gate}_met", met)


def put_all_in_force(case: UseCase, by: Any) -> None:
    """The decision is made: what was proposed with it binds from now on."""
    for row in Condition.objects.filter(case=case, state=C.PROPOSED).order_by("number"):
        row.case = case
        _move(row, "put_in_force", by, in_force_at=timezone.now())
        _tell_owner(row, "in_force")
    settle_gates(case, by)


def _locked(row: Condition) -> Condition:
    """The condition as it is now; nobody else touches the case's conditions meanwhile."""
    case = fresh(row.case)
    row = Condition.objects.select_related("owner").get(pk=row.pk)
    row.case = case
    return row


def _move(row: Condition, name: str, by: Any, text: str = "", **changes: Any) -> None:
    """One arrow of the table, its line of the history and its row of the protocol."""
    for key, value in changes.items():
        setattr(row, key, value)
    old = CONDITION.apply(row, name, version=F("version") + 1, **changes)
    row.refresh_from_db(fields=["version"])
    _note(row, name, text or changes.get("reason", ""), by)
    _record(name, row, by, was=old)


def _note(row: Condition, kind: str, text: str, by: Any) -> None:
    ConditionEvent.objects.create(condition=row, kind=kind, text=text, by=by)


def _record(act: str, row: Condition, by: Any, **more: Any) -> None:
    facts = {
        "case": row.case_id,
        "number": row.number,
        "gate": row.gate,
        "state": str(row.state),
        "owner": row.owner_id,
        "due_on": row.due_on.isoformat(),
        **more,
    }
    audit.record(f"ethics.condition_{act}", row, by=by, scope=row.case.committee, data=facts)


def _tell_owner(row: Condition, occasion: str) -> None:
    outbox.enqueue(
        kind=SEND,
        key=f"condition:{row.pk}:{occasion}:{row.version}:{row.owner_id}",
        payload={"condition": row.pk, "user": row.owner_id, "occasion": occasion},
    )


# Adding and changing -------------------------------------------------------------------------


@transaction.atomic
def add_condition(
    *,
    case: UseCase,
    text: str,
    gate: str,
    owner: Any,
    due_on: date,
    by: Any,
    source: str = Source.DECISION,
    source_ref: str = "",
    reused_from: Condition | None = None,
) -> Condition:
    """Add a condition: in force at once when the case is decided, else proposed for the decision.

    Raises `Refused` without text, for an owner who cannot read the case, or a date that is past.
    """
    case = fresh(case)
    policies.can_add(by, case).require()
    facts = _checked(case, text, gate, owner, due_on)
    if source not in Source.values:
        raise Refused(_("Choose where the condition comes from."), "source")
    last = case.conditions.aggregate(last=Max("number"))["last"] or 0
    binds = case.status in DECIDED
    row = Condition.objects.create(
        case=case,
        number=last + 1,
        state=C.IN_FORCE if binds else C.PROPOSED,
        in_force_at=timezone.now() if binds else None,
        source=source,
        source_ref=source_ref.strip()[:60],
        reused_from=reused_from,
        created_by=by,
        **facts,
    )
    _note(row, EventKind.ADDED, "", by)
    more = {"reused_from": reused_from.pk} if reused_from else {}
    _record("add", row, by, **more)
    if binds:
        _tell_owner(row, "in_force")
    settle_gates(case, by)
    return row


def _checked(case: UseCase, text: str, gate: str, owner: Any, due_on: date) -> dict[str, Any]:
    text = clean_text(text)
    if not text:
        raise Refused(_("Write what must be true."), "text")
    if len(text) > LONGEST:
        raise Refused(_("Write at most %(n)s characters.") % {"n": LONGEST}, "text")
    if gate not in Gate.values:
        raise Refused(_("Choose pilot or operation."), "gate")
    if owner is None or not possible_owners(case).filter(pk=owner.pk).exists():
        raise Refused(_("Choose somebody who can read the proposal."), "owner")
    if due_on < timezone.localdate():
        raise Refused(_("Choose a date that is still to come."), "due_on")
    return {"text": text, "gate": gate, "owner": owner, "due_on": due_on}


@transaction.atomic
def change_condition(
    *,
    condition: Condition,
    version: int,
    text: str,
    gate: str,
    owner: Any,
    due_on: date,
    by: Any,
) -> Condition:
    """Change what, when, who or by when; what it said before goes into the history.

    Raises `StaleState` when `version` is no longer the newest.
    """
    row = _locked(condition)
    policies.can_change(by, row).require()
    if row.version != version:
        raise StaleState(
            _("Somebody else changed the condition while you were writing. Nothing was changed.")
        )
    # A date that has passed may stay; a new one must be to come.
    kept = due_on == row.due_on
    facts = _checked(row.case, text, gate, owner, timezone.localdate() if kept else due_on)
    facts["due_on"] = due_on
    if all(getattr(row, key) == value for key, value in facts.items()):
        return row
    before, other_owner = _as_it_was(row), owner != row.owner
    told = {} if kept else {"overdue_told_at": None}
    Condition.objects.filter(pk=row.pk).update(version=F("version") + 1, **facts, **told)
    row = _locked(row)
    _note(row, EventKind.CHANGED, before, by)
    _record("change", row, by)
    if other_owner and row.state in STANDING:
        _tell_owner(row, "in_force")
    settle_gates(row.case, by)
    return row


def _as_it_was(row: Condition) -> str:
    with translation.override("da"):
        gate = str(Gate(row.gate).label)
        return f"{row.text}\n({gate}, {row.owner.name}, {full_date(row.due_on)})"


@transaction.atomic
def take_over(*, case: UseCase, source: Condition | None, by: Any) -> Condition:
    """Use a condition of another case here too. It remembers where it comes from.

    The owner of the use gets it, with the time that it had there. Raises `Refused` for one that
    `by` may not read, or that stands here already.
    """
    case = fresh(case)
    policies.can_add(by, case).require()
    readable = Condition.objects.readable_by(by).exclude(case=case)
    if source is None or not readable.filter(pk=source.pk).exists():
        raise Refused(_("That condition cannot be taken over. Choose another."))
    if case.conditions.filter(reused_from=source).exclude(state=C.DROPPED).exists():
        raise Refused(_("That condition has been taken over already."))
    return add_condition(
        case=case,
        text=source.text,
        gate=source.gate,
        owner=case.owner or by,
        due_on=timezone.localdate() + _time_of(source),
        by=by,
        source=Source.CASE,
        reused_from=source,
    )


def _time_of(row: Condition) -> timedelta:
    begun = timezone.localdate(row.in_force_at) if row.in_force_at else None
    count = (row.due_on - begun).days if begun else USUAL_TIME
    return timedelta(days=max(SHORTEST_TIME, min(count, LONGEST_TIME)))


# Evidence ------------------------------------------------------------------------------------


@transaction.atomic
def hand_in_evidence(
    *,
    condition: Condition,
    by: Any,
    text: str = "",
    link: str = "",
    data: bytes = b"",
    filename: str = "",
) -> ConditionEvidence:
    """The owner shows that the condition is met: in words, with a link, a file or all three.

    Raises `Refused` for nothing at all, a link that is none, or a file that cannot come in.
    """
    row = _locked(condition)
    policies.can_hand_in(by, row).require()
    text = clean_text(text)
    if len(text) > LONGEST:
        raise Refused(_("Write at most %(n)s characters.") % {"n": LONGEST}, "text")
    link = _checked_link(link)
    if not (text or link or data):
        raise Refused(_("Write what shows that it is met, or add a link or a file."), "text")
    if not (possible := CONDITION.check(row, "hand_in")):
        raise StaleState(possible.reason)
    file = _stored(data, filename, by) if data else None
    number = row.evidence.count() + 1
    found = ConditionEvidence.objects.create(
        condition=row, number=number, text=text, link=link, file=file, by=by
    )
    _move(row, "hand_in", by, reason="", handed_in_by=by, handed_in_at=timezone.now())
    settle_gates(row.case, by)
    return found


def _checked_link(link: str) -> str:
    link = link.strip()
    if (link and not link.startswith(("https://", "http://"))) or len(link) > LONGEST_LINK:
        raise Refused(_("The link must begin with https://."), "link")
    return link


def _stored(data: bytes, filename: str, by: Any) -> Any:
    from core.files import BadFile, inspect

    try:
        found = inspect(data, filename, with_text=False)
    except BadFile as error:
        raise Refused(str(error), "file") from error
    return store_bytes(data, filename=found.filename, media_type=found.media_type, by=by)


@transaction.atomic
def verify_condition(*, condition: Condition, evidence: int, by: Any) -> Condition:
    """Somebody other than the owner has seen that it is met, in the evidence of that number.

    Raises `StaleState` when other evidence stands now.
    """
    row = _seen(condition, evidence, policies.can_verify, by)
    _move(row, "verify", by, reason="", verified_by=by, verified_at=timezone.now())
    settle_gates(row.case, by)
    return row


@transaction.atomic
def reject_evidence(*, condition: Condition, evidence: int, reason: str, by: Any) -> Condition:
    """The evidence does not show it. The owner is told, and reads why."""
    row = _seen(condition, evidence, policies.can_verify, by)
    _move(row, "reject", by, reason=_checked_reason(reason), verified_by=None, verified_at=None)
    _tell_owner(row, "rejected")
    settle_gates(row.case, by)
    return row


def _seen(condition: Condition, evidence: int, policy: Any, by: Any) -> Condition:
    row = _locked(condition)
    verdict: Verdict = policy(by, row)
    verdict.require()
    if row.evidence.count() != evidence:
        raise StaleState(_("Other evidence has been handed in meanwhile. Look at that."))
    return row


def _checked_reason(reason: str) -> str:
    reason = clean_text(reason)
    if not reason:
        raise Refused(_("Write the reason."), "reason")
    if len(reason) > LONGEST_REASON:
        raise Refused(_("Write at most %(n)s characters.") % {"n": LONGEST_REASON}, "reason")
    return reason


# Other moves ---------------------------------------------------------------------------------

UNVERIFIED = {"verified_by": None, "verified_at": None}


@transaction.atomic
def move_condition(
    *,
    condition: Condition,
    move: str,
    by: Any,
    reason: str = "",
    body: str = "",
    on: date | None = None,
) -> Condition:
    """Put in force, take evidence back, waive, open again, or do not use.

    Raises `KeyError` for a move that is none of these, `StaleState` when it is not possible now.
    """
    policy = policies.MOVERS[move]
    row = _locked(condition)
    policy(by, row).require()
    seen = condition.state
    if row.state != seen:
        raise StaleState(_("Somebody else changed the condition meanwhile. Nothing was changed."))
    facts: dict[str, Any] = {}
    if move == "put_in_force":
        facts = {"in_force_at": timezone.now()}
    elif move == "waive":
        facts = {"reason": _checked_reason(reason), **_checked_waiver(body, on), **UNVERIFIED}
    elif move == "drop":
        facts = {"reason": _checked_reason(reason)}
    else:
        facts = {"reason": _checked_reason(reason), **UNVERIFIED}
        facts |= {"waived_body": "", "waived_on": None}
        if move == "reopen":
            # It counts for the decision that holds now.
            facts["in_force_at"] = timezone.now()
    _move(row, move, by, **facts)
    if move in ("put_in_force", "reopen"):
        _tell_owner(row, "in_force")
    settle_gates(row.case, by)
    return row


def _checked_waiver(body: str, on: date | None) -> dict[str, Any]:
    body = " ".join(body.split())[:200]
    if not body:
        raise Refused(_("Write who decided."), "body")
    if on is None or on > timezone.localdate():
        raise Refused(_("The date of the decision cannot be in the future."), "on")
    return {"waived_body": body, "waived_on": on}
