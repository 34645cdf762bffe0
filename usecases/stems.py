"""Words as they are compared: Danish stems, without the small words that stand everywhere."""

import re
import threading
from collections import Counter
from functools import cache, lru_cache
from typing import Any

import snowballstemmer

WORD = re.compile(r"[a-zæøåéü0-9]{2,}")
LONGEST = 40
# Words that say nothing of what a proposal is about.
STOP_WORDS = """
ad af alle alt anden at blev blive bliver da de dem den denne der deres det dette dig din du
efter eller en end er et for fra få får før gør ham han har have hen hende her hos hun hvad
hver hvis hvor hvordan hvornår ikke ind ja jeg jer kan kun kunne man mange med meget men mere
mig min må ned nej noget nogle nogen nu når og også om op os over på sig sin skal skulle som
sammen så til ud uden under var ved vi vil ville være været vores
ai løsning system kommune kommunen bruge bruges brug hjælpe hjælper hjælp
"""
STOP = frozenset(STOP_WORDS.split())
# The stemmer keeps the word it works on in itself, so threads must not share one.
_local = threading.local()


def _stemmer() -> Any:
    if not hasattr(_local, "stemmer"):
        _local.stemmer = snowballstemmer.stemmer("danish")
    return _local.stemmer


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    """Remembered: the stemmer is slow, and people use the same words."""
    stem: str = _stemmer().stemWord(word)
    return stem[:LONGEST]


@cache
def _stopped() -> frozenset[str]:
    return frozenset(_stem(word) for word in STOP)


def stems(text: str) -> Counter[str]:
    """Stem → how often, for the words of `text` that say something."""
    found = (_stem(word) for word in WORD.findall(text.lower()) if word not in STOP)
    return Counter(stem for stem in found if stem not in _stopped())
