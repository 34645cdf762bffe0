"""What became of an item, in few words: for the side list of the meeting and for the wall."""

from collections import defaultdict
from typing import Any

from django.db.models import Count
from django.utils.translation import ngettext

from meetings import policies
from meetings.enums import MotionKind, Outcome, VoteMethod, VoteResult
from meetings.models import AgendaItem, Meeting, Sitting, VoteRound
from meetings.selectors.motions import voters
from meetings.selectors.presence import Rolls


def outcome_words(
    user: Any, meeting: Meeting, items: list[AgendaItem], rolls: Rolls
) -> dict[int, str]:
    """Item id → e.g. "Adopted 9–2, 1 abstained · 1 disqualified", of what `user` may follow.

    The outcome that is being written is for those who prepare the minutes; the others see what
    was voted. One query for the whole agenda.
    """
    rounds = _closed_rounds(meeting)
    works = policies.sees_drafts(user, meeting.committee_id)
    found = {}
    for item in items:
        if policies.can_follow_votes(user, item):
            held = rounds.get(item.pk, [])
            outcome = item.outcome if works else ""
            found[item.pk] = _words(outcome, held, len(rolls.recusals.get(item.pk, [])))
    return found


def _closed_rounds(meeting: Meeting) -> dict[int, list[VoteRound]]:
    rows = VoteRound.objects.filter(motion__item__meeting=meeting, closed_at__isnull=False)
    rows = rows.select_related("motion__item").annotate(dissenters=Count("dissents"))
    found: dict[int, list[VoteRound]] = defaultdict(list)
    for row in rows.order_by("closed_at", "pk"):
        found[row.item.pk].append(row)
    return found


def _words(outcome: str, rounds: list[VoteRound], recused: int) -> str:
    dissents = sum(row.dissenters for row in rounds)  # type: ignore[attr-defined]
    parts = [
        _result(outcome, deciding_round(rounds)),
        ngettext("%(n)s dissenting opinion", "%(n)s dissenting opinions", dissents)
        % {"n": dissents}
        if dissents
        else "",
        ngettext("%(n)s disqualified", "%(n)s disqualified", recused) % {"n": recused}
        if recused
        else "",
    ]
    return " · ".join(
        part if place == 0 else _kept(part) for place, part in enumerate(parts) if part
    )


def _kept(words: str) -> str:
    """On one line: the number stays with what it counts."""
    return words.replace(" ", "\u00a0")


def deciding_round(rounds: list[VoteRound]) -> VoteRound | None:
    """The vote that settled the item: to postpone it, else the last one on the main motion."""
    for row in reversed(rounds):
        postpones = row.kind == MotionKind.POSTPONEMENT
        if row.kind == MotionKind.MAIN or (postpones and row.outcome == VoteResult.ADOPTED):
            return row
    return None


def _result(outcome: str, row: VoteRound | None) -> str:
    word = str(Outcome(outcome).label) if outcome else ""
    if row is None:
        return word
    return f"{word or result_word(row)}{counts(row)}"


def result_word(row: VoteRound) -> str:
    """What the vote came to, in words that stand alone."""
    if row.kind == MotionKind.POSTPONEMENT and row.outcome == VoteResult.ADOPTED:
        return str(Outcome.POSTPONED.label)
    return str(VoteResult(row.outcome).label)


def counts(row: VoteRound) -> str:
    """9–2, 1 abstained; nothing where nobody was counted."""
    if row.method != VoteMethod.NAME:
        return ""
    shown = f" {row.votes_for}–{row.votes_against}"
    if row.abstentions:
        abstained = ngettext("%(n)s abstained", "%(n)s abstained", row.abstentions)
        shown += ", " + abstained % {"n": row.abstentions}
    return shown


def screen_vote(item: AgendaItem, sitting: Sitting | None) -> dict[str, Any] | None:
    """The vote that goes on, or the last result since the item was taken up; never who voted."""
    rounds = VoteRound.objects.filter(motion__item=item).select_related("motion")
    rounds = rounds.annotate(cast=Count("votes")).order_by("opened_at", "pk")
    last = next((row for row in reversed(rounds) if row.is_open), None) or rounds.last()
    if last is None or (not last.is_open and sitting and last.opened_at < sitting.began_at):
        return None
    return {
        "kind": str(MotionKind(last.kind).label),
        "is_open": last.is_open,
        "cast": last.cast,  # type: ignore[attr-defined]
        "all": len(voters(item)) if last.is_open else 0,
        "words": "" if last.is_open else f"{result_word(last)}{counts(last)}",
        "outcome": last.outcome,
    }
