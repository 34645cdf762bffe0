"""Cases that are about the same, by the stems of their words. An index, no full scan."""

from collections import Counter
from dataclasses import dataclass
from math import log
from typing import Any

from django.db import models
from django.db.models import Case, Count, F, FloatField, Q, Sum, Value, When

from usecases.enums import Status, TokenPart
from usecases.models import CaseWord, UseCase
from usecases.stems import stems

MOST_WORDS = 12
# Rows of the index that one question may touch; the commonest words are left out first.
MOST_ROWS = 3_500
# A case must share words that weigh this part of the question's own.
LEAST_SHARE = 0.2


@dataclass(frozen=True)
class Similar:
    """A case, and how much of what was asked it shares (0–1)."""

    case: UseCase
    share: float


def similar(
    title: str, problem: str, user: Any, *, exclude: int | None = None, limit: int = 5
) -> list[Similar]:
    """The visible cases most like `title` and `problem`, best first.

    Of a case whose title alone is public, only the words of the title are compared: what is
    found must not tell what stands in a text that the reader may not see.
    """
    wanted = stems(problem)
    for stem, count in stems(title).items():
        wanted[stem] += 3 * count
    seen = UseCase.objects.exclude(status=Status.WITHDRAWN).filter(merged_into__isnull=True)
    titles = seen.visible_to(user)
    words = CaseWord.objects.filter(
        Q(case__in=seen.readable_by(user)) | Q(part=TokenPart.TITLE, case__in=titles)
    ).exclude(case=exclude)
    weights = _weights(wanted, words, titles.count())
    if not weights:
        return []
    scores = _scores(weights, words, limit)
    whole = sum(weight * 3 for weight in weights.values())
    cases = UseCase.objects.select_related("committee").in_bulk([pk for pk, _score in scores])
    found = [Similar(cases[pk], min(1.0, score / whole)) for pk, score in scores]
    return [one for one in found if one.share >= LEAST_SHARE]


def _weights(
    wanted: Counter[str], words: models.QuerySet[CaseWord], total: int
) -> dict[str, float]:
    """Stem → weight; rare words weigh more, and the commonest are left out when many match.

    Counted among the words that the reader may see: how rare a word is would else tell that it
    stands in a text that is hidden.
    """
    rows = words.filter(stem__in=list(wanted)[:60]).values_list("stem")
    counts = dict(rows.annotate(n=Count("pk")).order_by())
    chosen: dict[str, float] = {}
    touched = 0
    for stem, count in sorted(counts.items(), key=lambda row: (row[1], row[0]))[:MOST_WORDS]:
        touched += count
        if chosen and touched > MOST_ROWS:
            break
        chosen[stem] = log(1 + (total + 1) / count) * min(wanted[stem], 4) ** 0.5
    return chosen


def _scores(
    weights: dict[str, float], words: models.QuerySet[CaseWord], limit: int
) -> list[tuple[int, float]]:
    worth = Case(
        *(When(stem=stem, then=Value(weight)) for stem, weight in weights.items()),
        default=Value(0.0),
        output_field=FloatField(),
    )
    rows = words.filter(stem__in=list(weights)).values("case")
    scored = rows.annotate(score=Sum(F("weight") * worth)).order_by("-score", "case")
    return [(row["case"], row["score"]) for row in scored[:limit]]
