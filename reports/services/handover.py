"""The open work of a body goes to the next one: all of what was seen, or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from committee import policies
from committee.enums import HandedKind
from committee.models import Committee, HandOver, HandOverRow
from core import audit
from core.text import clean_text
from core.verdicts import Refused, StaleState
from meetings.models import FollowUp
from meetings.services.follow_ups import hand_follow_up
from reports.selectors.handover import Bundle, Listing, open_work
from usecases.models import UseCase
from usecases.services.handing import hand_case

LONGEST_REASON = 300
LONGEST_NOTE = 5000


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What somebody saw and decided: the mark of the list, and why each of these stays."""

    seen: str
    decision: str
    note: str = ""
    # Key of a case or follow-up → why it is not handed over.
    left_out: Mapping[str, str] = field(default_factory=dict)


@transaction.atomic
def hand_over(*, giver: Committee, receiver: Committee, plan: Plan, by: Any) -> HandOver:
    """Carry it out. Conditions, duties and reviews go with their case.

    Of two at once the second finds another list than it saw. Raises `StaleState` then, `NotAllowed`
    for who may not, `Refused` for what lacks.
    """
    policies.can_hand_over(by, giver, receiver).require()
    giver, receiver = _locked(giver, receiver)
    policies.can_hand_over(by, giver, receiver).require()
    listing = open_work(giver, by)
    if listing.mark != plan.seen:
        raise StaleState(
            _("What is open has changed since you looked. Look again; nothing was moved.")
        )
    reasons = _checked(plan, listing)
    row = HandOver.objects.create(
        giver=giver,
        receiver=receiver,
        decision=" ".join(plan.decision.split())[:200],
        note=clean_text(plan.note)[:LONGEST_NOTE],
        by=by,
    )
    for bundle in listing.bundles:
        _keep(row, bundle, reasons.get(bundle.thing.key, ""))
    _move([one for one in listing.bundles if one.thing.key not in reasons], receiver, by)
    _record(row, listing, reasons, by)
    return row


def _locked(giver: Committee, receiver: Committee) -> tuple[Committee, Committee]:
    """Both bodies, in the order of their ids, so that two hand-overs wait for each other."""
    ids = [giver.pk, receiver.pk]
    rows = Committee.objects.select_for_update().filter(pk__in=ids).order_by("pk")
    found = {row.pk: row for row in rows}
    return found[giver.pk], found[receiver.pk]


def _checked(plan: Plan, listing: Listing) -> dict[str, str]:
    """Why each thing stays. Raises `Refused`."""
    known = {bundle.thing.key for bundle in listing.bundles}
    reasons = {key: " ".join(text.split()) for key, text in plan.left_out.items()}
    if not plan.decision.strip():
        raise Refused(_("Write where the hand-over was decided."), "decision")
    if reasons.keys() - known:
        raise StaleState(_("What is left out is not on the list. Nothing was moved."))
    if not all(reasons.values()):
        raise Refused(_("Write why each thing that you leave out stays."))
    if any(len(text) > LONGEST_REASON for text in reasons.values()):
        raise Refused(_("Write at most %(n)s characters.") % {"n": LONGEST_REASON})
    if not known - reasons.keys():
        raise Refused(_("There is nothing to hand over."))
    return reasons


def _keep(row: HandOver, bundle: Bundle, reason: str) -> None:
    """How each thing stood, and why it stayed when it did."""
    HandOverRow.objects.bulk_create(
        HandOverRow(
            hand_over=row,
            kind=one.kind,
            object_id=one.pk,
            code=one.code,
            state=one.state,
            left_out=reason,
        )
        for one in bundle.everything
    )


def _move(bundles: list[Bundle], receiver: Committee, by: Any) -> None:
    ids = {
        kind: [one.thing.pk for one in bundles if one.thing.kind == kind]
        for kind in (HandedKind.CASE, HandedKind.FOLLOW_UP)
    }
    for case in UseCase.objects.filter(pk__in=ids[HandedKind.CASE]).order_by("pk"):
        hand_case(case=case, receiver=receiver, by=by)
    rows = FollowUp.objects.filter(pk__in=ids[HandedKind.FOLLOW_UP])
    for follow_up in rows.select_related("item__meeting__committee").order_by("pk"):
        hand_follow_up(follow_up=follow_up, receiver=receiver, by=by)


def _record(row: HandOver, listing: Listing, reasons: Mapping[str, str], by: Any) -> None:
    """One row in the protocol of each body."""
    cases = [one for one in listing.cases if one.thing.key not in reasons]
    follow_ups = [one for one in listing.follow_ups if one.thing.key not in reasons]
    facts = {
        "from": row.giver_id,
        "to": row.receiver_id,
        "cases": len(cases),
        "follow_ups": len(follow_ups),
        "left_out": len(reasons),
        "seen": listing.mark,
    }
    for body in (row.giver, row.receiver):
        audit.record("reports.hand_over", row, by=by, scope=body, data=facts)
