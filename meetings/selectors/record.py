"""What the votes of a meeting leave in its minutes."""

from collections import defaultdict
from typing import Any

from django.db.models import Prefetch
from django.utils.timezone import localtime

from meetings.enums import MotionKind, VoteChoice, VoteMethod, VoteResult
from meetings.models import Dissent, Meeting, Vote, VoteRound
from meetings.voting import Carried, compose

Record = dict[str, list[dict[str, Any]]]
NOTHING: Record = {"votes": [], "dissents": []}


def voting_record(meeting: Meeting) -> dict[int, Record]:
    """Item id → its closed votes and dissenting opinions. Three queries for the whole meeting."""
    rounds = (
        VoteRound.objects.filter(motion__item__meeting=meeting, closed_at__isnull=False)
        .select_related("motion__proposer", "motion__item")
        .prefetch_related(
            Prefetch("votes", Vote.objects.select_related("member").order_by("member__name")),
            Prefetch("dissents", Dissent.objects.select_related("member")),
        )
        .order_by("closed_at", "pk")
    )
    found: dict[int, Record] = defaultdict(lambda: {"votes": [], "dissents": []})
    changes: dict[int, dict[int, Carried]] = defaultdict(dict)
    for vote_round in rounds:
        record, adopted = found[vote_round.item.pk], changes[vote_round.item.pk]
        record["votes"].append(vote_row(vote_round) | _as_changed(vote_round, adopted))
        record["dissents"] += [dissent_row(row, vote_round) for row in vote_round.dissents.all()]
    return dict(found)


def _as_changed(vote_round: VoteRound, adopted: dict[int, Carried]) -> dict[str, str]:
    """What a vote on the main motion was about, when something had been adopted to it before.

    `adopted` is the item's amendments and additions so far, by motion.
    """
    motion: Any = vote_round.motion
    if motion.kind in {MotionKind.AMENDMENT, MotionKind.ADDITION}:
        adopted.pop(motion.pk, None)
        if vote_round.outcome == VoteResult.ADOPTED:
            adopted[motion.pk] = Carried(motion.kind, motion.text)
    if motion.kind != MotionKind.MAIN or not adopted:
        return {}
    text = compose([*adopted.values(), Carried(motion.kind, motion.text)])
    return {"as_changed": text} if text != motion.text else {}


def vote_row(vote_round: VoteRound) -> dict[str, Any]:
    """One closed round, with the names of those who voted."""
    motion: Any = vote_round.motion
    return {
        "motion": motion.text,
        "kind": str(MotionKind(motion.kind).label),
        "proposer": motion.proposer.name,
        **outcome_facts(vote_round),
    }


def outcome_facts(vote_round: VoteRound) -> dict[str, Any]:
    """What every closed round says, whatever it was about."""
    names = {choice: names_of(vote_round, choice) for choice in VoteChoice.values}
    return {
        "round": vote_round.number,
        "method": vote_round.method,
        "method_word": str(VoteMethod(vote_round.method).label),
        "closed_at": localtime(vote_round.closed_at).isoformat(timespec="seconds"),
        **names,
        "counts": {
            "for": vote_round.votes_for,
            "against": vote_round.votes_against,
            "abstain": vote_round.abstentions,
        },
        "outcome": vote_round.outcome,
        "outcome_word": str(VoteResult(vote_round.outcome).label),
        "rule": vote_round.rule,
    }


def names_of(vote_round: VoteRound, choice: str) -> list[str]:
    return [vote.member.name for vote in vote_round.votes.all() if vote.choice == choice]


def dissent_row(dissent: Dissent, vote_round: VoteRound) -> dict[str, Any]:
    motion: Any = vote_round.motion
    return {
        "name": dissent.member.name,
        "text": dissent.text,
        "kind": str(MotionKind(motion.kind).label),
        "reason": dissent.reason,
    }
