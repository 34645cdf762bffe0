"""Motions: written down, ordered, taken back, and what the adopted ones say together."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core import audit
from core.text import clean_text
from core.verdicts import NotAllowed, Refused, StaleState
from meetings import policies
from meetings.enums import DECISION, MotionKind, MotionState
from meetings.models import AgendaItem, Meeting, Motion
from meetings.selectors.motions import adopted_text
from meetings.selectors.seats import seated_members
from meetings.services.texts import save_texts
from meetings.voting import kind_rank
from meetings.workflow import MOTION


@transaction.atomic
def propose(*, item: AgendaItem, kind: str, proposer: Any, text: str, by: Any) -> Motion:
    """Write down what a member proposes; it takes its place in the order of voting.

    Raises `Refused` without a text, for a proposer outside the committee, and for a second main
    motion.
    """
    policies.can_handle_motions(by, item).require()
    text = clean_text(text)
    if kind not in MotionKind.values:
        raise Refused(_("Choose what sort of motion it is."), "kind")
    if not text:
        raise Refused(_("Write what is proposed."), "text")
    if proposer.pk not in {seat.user_id for seat in seated_members(item.meeting)}:
        raise Refused(_("Only members of the committee make motions."), "proposer")
    if item.disqualifications.filter(member=proposer.pk, lifted_at__isnull=True).exists():
        raise Refused(_("A member who is disqualified from the item makes no motions."), "proposer")
    _locked(item)
    if item.removed_at:
        raise StaleState(_("The item has been taken off the agenda. Nothing was changed."))
    motion = _insert(item, kind, proposer, text, by)
    _put_in_order(_sorted(item))
    _record("meetings.propose", motion, by)
    motion.refresh_from_db(fields=["position"])
    return motion


def _locked(item: AgendaItem) -> None:
    """One at a time on the motions of a meeting, from here to the end of the transaction."""
    Meeting.objects.select_for_update().get(pk=item.meeting_id)


def _insert(item: AgendaItem, kind: str, proposer: Any, text: str, by: Any) -> Motion:
    try:
        with transaction.atomic():
            return Motion.objects.create(
                item=item,
                kind=kind,
                proposer=proposer,
                text=text,
                position=item.motions.count() + 1,
                recorded_by=by,
            )
    except IntegrityError as error:
        raise Refused(
            _("The item has a main motion already. Propose an amendment to it."), "kind"
        ) from error


def _sorted(item: AgendaItem) -> list[Motion]:
    """A new motion goes last of its kind; those before it stand as they were put."""
    *before, new = item.motions.order_by("position", "pk")
    place = next(
        (n for n, motion in enumerate(before) if kind_rank(motion.kind) > kind_rank(new.kind)),
        len(before),
    )
    return [*before[:place], new, *before[place:]]


def _put_in_order(motions: list[Motion]) -> None:
    for position, motion in enumerate(motions, start=1):
        if motion.position != position:
            Motion.objects.filter(pk=motion.pk).update(position=position)


@transaction.atomic
def move_motion(*, motion: Motion, down: bool, by: Any) -> None:
    """Change places with the neighbour; at the end of the list nothing happens."""
    policies.can_handle_motions(by, motion.item).require()
    _locked(motion.item)
    motions = list(motion.item.motions.order_by("position", "pk"))
    place = motions.index(motion)
    other = place + (1 if down else -1)
    if not 0 <= other < len(motions):
        return
    motions[place], motions[other] = motions[other], motions[place]
    _put_in_order(motions)
    _record("meetings.order_motions", motion, by)


@transaction.atomic
def withdraw_motion(*, motion: Motion, by: Any) -> Motion:
    """The proposer takes the motion back before it is voted on; it stays in the record."""
    policies.can_handle_motions(by, motion.item).require()
    MOTION.apply(motion, "withdraw")
    _record("meetings.withdraw_motion", motion, by)
    return motion


@transaction.atomic
def use_adopted_text(*, item: AgendaItem, by: Any) -> str:
    """Put the adopted text where the decision is written. Never over a text that is there."""
    policies.can_record_decision(by, item).require()
    if not policies.can_follow_votes(by, item):
        raise NotAllowed(policies.can_follow_votes(by, item).reason)
    text = adopted_text(item)
    if not text:
        raise Refused(_("No motion has been adopted yet."))
    if item.motions.filter(state=MotionState.OPEN).exists():
        raise StaleState(_("A vote is open. Close it first."))
    saved = save_texts(item=item, texts={DECISION: text}, versions={DECISION: 0}, by=by)
    if saved.conflicts:
        raise StaleState(_("The decision has been written already. Nothing was changed."))
    _audit("meetings.use_adopted_text", item, by, {})
    return text


def _record(verb: str, motion: Motion, by: Any) -> None:
    _audit(verb, motion.item, by, {"motion": motion.pk})


def _audit(verb: str, item: AgendaItem, by: Any, data: dict[str, Any]) -> None:
    audit.record(verb, item, by=by, scope=item.meeting, data=data)


__all__ = ["adopted_text", "move_motion", "propose", "use_adopted_text", "withdraw_motion"]
