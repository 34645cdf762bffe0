"""What members and the secretariat see of scores and rounds. Votes stay sealed until closing."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.utils import timezone

from committee.enums import SEATED
from committee.models import Committee, committees_where
from usecases import policies
from usecases.enums import FINAL, Status
from usecases.models import CaseScore, RankingEntry, RankingRound, RankingVote, UseCase
from usecases.models.ranking import RANKED, SEES_RANKING
from usecases.ranking import ranking
from usecases.selectors.matrix import Ranked, plot

SORTS = ("samlet", "vaerdi", "gennemfoerlighed", "risiko", "stemmer")
MOST_ROWS = 200


def bodies_with_ranking(user: Any) -> list[Committee]:
    """Where `user` sees scores and rounds."""
    found = Committee.objects.filter(pk__in=committees_where(user, SEES_RANKING))
    return list(found.select_related("municipality").order_by("name"))


def newest_scores(cases: Any) -> dict[int, CaseScore]:
    """Case id → the score that counts."""
    newest = CaseScore.objects.filter(case__in=cases).order_by().values("case")
    rows = CaseScore.objects.filter(pk__in=newest.annotate(last=Max("pk")).values("last"))
    return {row.case_id: row for row in rows}


def live_cases(committee: Committee) -> QuerySet[UseCase]:
    """What has been sent in and is neither closed nor merged."""
    rows = UseCase.objects.filter(committee=committee, merged_into__isnull=True)
    return rows.exclude(status__in=FINAL | {Status.DRAFT})


def rankable(committee: Committee) -> QuerySet[UseCase]:
    """What a round can be about: not decided yet, newest first."""
    rows = live_cases(committee).filter(status__in=RANKED)
    return rows.order_by("-submitted_at", "-pk")[:MOST_ROWS]


def ranking_page(user: Any, committee: Committee, sort: str = "") -> dict[str, Any]:
    """The matrix, the same rows as a table, and what has no score yet."""
    sort = sort if sort in SORTS else SORTS[0]
    scored = CaseScore.objects.filter(case__committee=committee).values("case")
    cases = live_cases(committee)
    scores = newest_scores(cases)
    votes_of = last_votes(committee)
    found = [
        _ranked(0, case, scores.get(case.pk), votes_of.get(case.pk))
        for case in cases.filter(pk__in=scored)
    ]
    found.sort(key=lambda row: _order(row, sort))
    rows = [
        _ranked(number, row.case, row.score, row.votes)
        for number, row in enumerate(found[:MOST_ROWS], 1)
    ]
    waiting = cases.filter(status__in=RANKED).exclude(pk__in=scored).order_by("submitted_at", "pk")
    return {
        "rows": rows,
        "plot": plot(rows),
        "sort": sort,
        "levels": ranking().levels,
        "waiting": list(waiting[:MOST_ROWS]),
        "scores_now": bool(policies.can_run_ranking(user, committee.pk)),
        "has_votes": bool(votes_of),
        "open_rounds": list(
            RankingRound.objects.filter(committee=committee).unclosed().order_by("closes_at")
        ),
    }


def _ranked(number: int, case: UseCase, score: CaseScore | None, votes: int | None) -> Ranked:
    level = ranking().level_of(score.risk) if score else None
    return Ranked(number, case, score, level, votes)


def _order(row: Ranked, sort: str) -> tuple[Any, ...]:
    """The best first; among equals the one that was sent in first."""
    score = row.score
    first = {
        "samlet": -(row.total or 0),
        "vaerdi": -score.value if score else 0,
        "gennemfoerlighed": -score.feasibility if score else 0,
        "risiko": score.risk if score else 0,
        "stemmer": -1 if row.votes is None else -row.votes - 2,
    }[sort]
    return first, -(row.total or 0), row.case.pk


def last_votes(committee: Committee) -> dict[int, int]:
    """Case id → its votes in the newest closed round of the body that it was in."""
    entries = RankingEntry.objects.filter(
        round__committee=committee, round__closed_at__isnull=False, total__isnull=False
    ).order_by("round__closed_at", "round")
    return {entry.case_id: entry.total for entry in entries if entry.total is not None}


def score_history(case: UseCase) -> list[CaseScore]:
    """Every score of a case, newest first."""
    return list(case.scores.select_related("by").order_by("-pk"))


# Rounds ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Choice:
    """A case in a round, as this reader may see it: one's own votes, and the total when closed."""

    entry: RankingEntry
    own: int
    rank: int

    @property
    def case(self) -> UseCase:
        return self.entry.case

    @property
    def field(self) -> str:
        return f"votes_{self.entry.pk}"


def round_list(committee: Committee) -> dict[str, Any]:
    rows = RankingRound.objects.filter(committee=committee)
    return {"rounds": list(rows.order_by("-opened_at", "-pk")[:100])}


def round_page(user: Any, row: RankingRound) -> dict[str, Any]:
    """A round: sealed before it closes (but for how many have voted), then its totals."""
    choices = round_choices(user, row)
    voters = row.voters if row.is_closed else count_voters(row)
    laid = sum(choice.own for choice in choices if choice.entry.stands)
    return {
        "round": row,
        "choices": choices,
        "standing": [choice for choice in choices if choice.entry.stands],
        "gone": [choice for choice in choices if not choice.entry.stands],
        "voters": voters,
        "laid": laid,
        "left": row.votes_each - laid,
        "runs": bool(policies.can_run_ranking(user, row.committee_id)),
        "votes": bool(policies.can_vote_in_ranking(user, row.committee_id)),
        "shows_own": policies.sees_own_votes(user),
        "most_total": max((c.entry.total or 0 for c in choices), default=0),
    }


def round_choices(user: Any, row: RankingRound) -> list[Choice]:
    entries = list(row.entries.select_related("case"))
    own: dict[int, int] = {}
    if policies.sees_own_votes(user):
        mine = RankingVote.objects.filter(entry__round=row, member=user.pk)
        own = dict(mine.values_list("entry", "count"))
    if row.is_closed:
        entries.sort(key=lambda entry: (entry.total is None, -(entry.total or 0), entry.pk))
    ranks = _ranks([entry.total for entry in entries]) if row.is_closed else [0] * len(entries)
    return [
        Choice(entry, own.get(entry.pk, 0), rank)
        for entry, rank in zip(entries, ranks, strict=True)
    ]


def _ranks(totals: list[int | None]) -> list[int]:
    """Equals share a place: 1, 2, 2, 4."""
    return [totals.index(total) + 1 for total in totals]


@dataclass(frozen=True)
class OpenRound:
    """A round in which its reader has votes left."""

    round: RankingRound
    left: int


def rounds_with_votes_left(user: Any) -> list[OpenRound]:
    """Open rounds that still wait for `user`'s votes, the nearest deadline first.

    For the member alone: who looks through a member's eyes does not learn whether they voted.
    """
    if not policies.sees_own_votes(user):
        return []
    standing = Q(entries__in=RankingEntry.objects.standing())
    own = standing & Q(entries__votes__member=user.pk)
    rows = RankingRound.objects.unclosed().filter(
        committee__in=committees_where(user, SEATED), closes_at__gt=timezone.now()
    )
    rows = rows.annotate(
        cases=Count("entries", filter=standing, distinct=True),
        laid=Sum("entries__votes__count", filter=own, default=0),
    ).order_by("closes_at", "pk")
    found = [OpenRound(row, _left(row)) for row in rows]
    return [one for one in found if one.left > 0]


def _left(row: Any) -> int:
    """So many as can still be laid: with few cases left, not all of them can."""
    possible = min(row.votes_each, row.most_per_case * row.cases)
    return int(possible - row.laid)


def count_voters(row: RankingRound) -> int:
    """How many have voted: the one thing that is known of an open round."""
    standing = row.entries.standing()
    laid = RankingVote.objects.filter(entry__in=standing).values("member")
    return laid.distinct().count()


def has_voted(row: RankingRound, member: Any) -> bool:
    """For the reminder alone."""
    laid = RankingVote.objects.filter(entry__in=row.entries.standing(), member=member.pk)
    return bool(laid.aggregate(laid=Sum("count"))["laid"])
