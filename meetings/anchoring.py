"""Find a quotation again in a text that may have changed. Pure: texts in, offsets out.

Texts are compared with their white space squeezed, because a browser's selection, a paste and
the page itself break lines differently.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

AROUND = 64
# A short quotation ("AI") is only itself where one side of it is still the same.
SHORT = 16
SIDE = 8
# How alike a passage must be to be called the same passage, changed.
ALIKE = 0.75
FEWEST_WORDS = 3
CANDIDATES = 4
STRETCH = 2


@dataclass(frozen=True, slots=True)
class Quote:
    """A passage and what stands just before and after it."""

    exact: str
    prefix: str = ""
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a quotation stands in a squeezed text, and whether it is word for word."""

    start: int
    end: int
    exact: bool = True


def squeeze(text: str) -> str:
    """`text` with every run of white space as one space."""
    return " ".join(text.split())


def quote_at(text: str, place: Place) -> Quote:
    """The quotation of a place in a squeezed text, with what stands around it."""
    return Quote(
        exact=text[place.start : place.end],
        prefix=text[max(place.start - AROUND, 0) : place.start],
        suffix=text[place.end : place.end + AROUND],
    )


def find(quote: Quote, text: str) -> Place | None:
    """Where `quote` stands in the squeezed `text`: word for word, else nearly; None is loose."""
    if not quote.exact:
        return None
    return _word_for_word(quote, text) or _nearly(quote, text)


def find_pasted(quote: Quote, text: str) -> Place | None:
    """Where somebody has just quoted from: word for word, nearest to what they say is around."""
    return max(_occurrences(quote, text), key=lambda p: _around(quote, text, p), default=None)


def _word_for_word(quote: Quote, text: str) -> Place | None:
    places = [p for p in _occurrences(quote, text) if _is_itself(quote, text, p)]
    return max(places, key=lambda p: _around(quote, text, p), default=None)


def _occurrences(quote: Quote, text: str) -> Iterator[Place]:
    if not quote.exact:
        return
    start = text.find(quote.exact)
    while start >= 0:
        yield Place(start, start + len(quote.exact))
        start = text.find(quote.exact, start + 1)


def _is_itself(quote: Quote, text: str, place: Place) -> bool:
    if len(quote.exact) >= SHORT:
        return True
    before, after = _sides(quote, text, place)
    held_before = before >= min(SIDE, len(quote.prefix)) if quote.prefix else place.start == 0
    held_after = after >= min(SIDE, len(quote.suffix)) if quote.suffix else place.end == len(text)
    return held_before or held_after


def _around(quote: Quote, text: str, place: Place) -> int:
    return sum(_sides(quote, text, place))


def _sides(quote: Quote, text: str, place: Place) -> tuple[int, int]:
    """How many characters before and after the place are as they were."""
    before = text[max(place.start - AROUND, 0) : place.start]
    after = text[place.end : place.end + AROUND]
    return _shared(quote.prefix[::-1], before[::-1]), _shared(quote.suffix, after)


def _shared(one: str, other: str) -> int:
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


def _nearly(quote: Quote, text: str) -> Place | None:
    wanted = quote.exact.split()
    if len(wanted) < FEWEST_WORDS:
        return None
    words = [(match.group(), match.start(), match.end()) for match in re.finditer(r"\S+", text)]
    best, best_score = None, 0.0
    for first, last in _windows(wanted, [word for word, _start, _end in words]):
        near = [word for word, _start, _end in words[first:last]]
        score = SequenceMatcher(None, wanted, near, autojunk=False).ratio()
        if score > best_score:
            best, best_score = Place(words[first][1], words[last - 1][2], exact=False), score
    if best is None or alike(quote.exact, text[best.start : best.end]) < ALIKE:
        return None
    return best


def alike(one: str, other: str) -> float:
    """From 0 (nothing in common) to 1 (the same)."""
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _windows(wanted: list[str], words: list[str]) -> Iterator[tuple[int, int]]:
    """Runs of words worth comparing: round the places that share most words with the quote."""
    for start in _likeliest(wanted, words):
        for first in range(max(start - STRETCH, 0), start + STRETCH + 1):
            for length in range(len(wanted) - STRETCH, len(wanted) + STRETCH + 1):
                last = min(first + length, len(words))
                if first < last:
                    yield first, last


def _likeliest(wanted: list[str], words: list[str]) -> list[int]:
    size, need = len(wanted), Counter(wanted)
    have = Counter(words[:size])
    shared = sum((have & need).values())
    scores = [(shared, 0)]
    for start in range(1, max(len(words) - size, 0) + 1):
        left, right = words[start - 1], words[start + size - 1]
        shared -= have[left] <= need[left]
        have[left] -= 1
        have[right] += 1
        shared += have[right] <= need[right]
        scores.append((shared, start))
    # The first of equals, so that the answer does not depend on the order of sorting.
    best = sorted(scores, key=lambda pair: (-pair[0], pair[1]))[:CANDIDATES]
    return [start for score, start in best if score]
