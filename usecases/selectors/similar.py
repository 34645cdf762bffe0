"""Cases that are about the same, by the stems of their words. An index, no full scan."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from math import log
from typing import Any, NamedTuple

from django.db.models import Count

from usecases.enums import Status, TokenPart
from usecases.models import CaseWord, UseCase
from usecases.stems import stems

# Different words of a question that are looked up, and those of them that count.
MOST_ASKED = 60
MOST_WORDS = 12
# A word that stands in more cases than these tells nothing.
COMMON = 1_000
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
    rows = CaseWord.objects.filter(stem__in=_telling(wanted)).exclude(case=exclude)
    seen = UseCase.objects.exclude(status=Status.WITHDRAWN).filter(
        merged_into__isnull=True, pk__in=rows.values("case")
    )
    titles = set(seen.visible_to(user).values_list("pk", flat=True))
    readable = set(seen.readable_by(user).values_list("pk", flat=True))
    words = [
        Word(stem, case, weight)
        for stem, case, part, weight in rows.values_list("stem", "case", "part", "weight")
        if case in readable or (part == TokenPart.TITLE and case in titles)
    ]
    weights = _weights(wanted, words, UseCase.objects.count())
    scores = _scores(weights, words)[:limit]
    whole = sum(weight * 3 for weight in weights.values())
    cases = UseCase.objects.select_related("committee").in_bulk([pk for pk, _score in scores])
    found = [Similar(cases[pk], min(1.0, score / whole)) for pk, score in scores]
    return [one for one in found if one.share >= LEAST_SHARE]


class Word(NamedTuple):
    """A stem in a part of a case that the reader may see."""

    stem: str
    case: int
    weight: float


def _telling(wanted: Counter[str]) -> list[str]:
    """The words that are rare enough to tell cases apart; if all are common, the rarest.

    Counted in the index alone, which is quick. That a hidden text holds a word can show only
    when it is the one that makes the word common.
    """
    rows = CaseWord.objects.filter(stem__in=list(wanted)[:MOST_ASKED]).values_list("stem")
    counts = dict(rows.annotate(n=Count("pk")).order_by())
    rare = [stem for stem, count in counts.items() if count <= COMMON]
    return rare or sorted(counts, key=lambda stem: (counts[stem], stem))[:1]


def _weights(wanted: Counter[str], words: list[Word], total: int) -> dict[str, float]:
    """Stem → weight, of the rarest; rare words weigh more.

    Counted among the words that the reader may see: how rare a word is would else tell that it
    stands in a text that is hidden.
    """
    counts = Counter(word.stem for word in words)
    rarest = sorted(counts.items(), key=lambda row: (row[1], row[0]))[:MOST_WORDS]
    return {
        stem: log(1 + (total + 1) / count) * min(wanted[stem], 4) ** 0.5 for stem, count in rarest
    }


def _scores(weights: dict[str, float], words: list[Word]) -> list[tuple[int, float]]:
    """Case → how much it shares, best first."""
    found: dict[int, float] = defaultdict(float)
    for word in words:
        found[word.case] += word.weight * weights.get(word.stem, 0.0)
    return sorted(found.items(), key=lambda row: (-row[1], row[0]))
