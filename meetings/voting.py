"""The arithmetic of votes and of the text they leave; no database, no user."""

from collections.abc import Iterable
from dataclasses import dataclass

from core.merging import three_way
from meetings.enums import MotionKind, VoteChoice, VoteResult

# Postponing is voted on first: whatever is left may then not be needed.
KIND_ORDER = (
    MotionKind.POSTPONEMENT,
    MotionKind.AMENDMENT,
    MotionKind.ADDITION,
    MotionKind.MAIN,
)

# What every result by vote stands on; quoted in the minutes, and therefore in the law's language.
MAJORITY = (
    "Flertallet af de afgivne stemmer afgør sagen, og den, der undlader at stemme, tæller ikke med."
)


def kind_rank(kind: str) -> int:
    """Where motions of a kind stand in the order of voting."""
    return KIND_ORDER.index(MotionKind(kind))


def vote_result(votes_for: int, votes_against: int, *, ties: str, chair: str = "") -> VoteResult:
    """Adopted by a majority of the votes cast; abstentions are not cast.

    `ties` is the body's rule: the motion falls, or the chair's own vote decides (a chair who
    abstained or did not vote decides nothing, and the motion falls).
    """
    if votes_for != votes_against:
        return VoteResult.ADOPTED if votes_for > votes_against else VoteResult.REJECTED
    if ties == "chair" and chair == VoteChoice.FOR:
        return VoteResult.ADOPTED
    return VoteResult.REJECTED


def winning_choice(outcome: str, *, about_member: bool) -> VoteChoice:
    """How those voted who may not dissent: a decision is what stands when the vote is over.

    A motion that falls leaves no decision, so only its opponents have something to dissent from.
    Whether a member is disqualified is decided either way.
    """
    found_impartial = about_member and outcome == VoteResult.REJECTED
    return VoteChoice.AGAINST if found_impartial else VoteChoice.FOR


@dataclass(frozen=True)
class Carried:
    """A motion that was adopted."""

    kind: str
    text: str


def compose(carried: Iterable[Carried]) -> str:
    """The text the adopted motions make together, in the order they were adopted.

    A postponement stands alone. Without an adopted main motion nothing was decided, and the
    text is empty. Where two amendments touch the same words, both are kept for a person to sort.
    """
    motions = list(carried)
    for motion in motions:
        if motion.kind == MotionKind.POSTPONEMENT:
            return motion.text
    main = next((m.text for m in motions if m.kind == MotionKind.MAIN), "")
    if not main:
        return ""
    text = main
    for motion in motions:
        if motion.kind == MotionKind.AMENDMENT:
            text, _clean = three_way(main, motion.text, text)
    added = [m.text for m in motions if m.kind == MotionKind.ADDITION]
    return "\n\n".join([text, *added])
