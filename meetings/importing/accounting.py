"""The proof of an import: no word lost, none invented."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from meetings.importing.result import ImportedItem, ParsedMinutes
from meetings.importing.source import normalise

WORD = re.compile(r"[^\W_]+|[§%&€£$@]")
# Word's hollow bullet arrives as this letter; it is no Danish word.
HOLLOW_BULLET = "o"


class Account(NamedTuple):
    """Words of the source that the result lacks, and words of the result that it lacks."""

    lost: tuple[str, ...]
    invented: tuple[str, ...]


def account(parsed: ParsedMinutes, source_text: str) -> Account:
    """Compare all words, counted, of the result with those of the source.

    What is read out of other words (the committee's name) must only exist in the source.
    """
    source = _count([normalise(source_text)])
    result = _count(_texts(parsed))
    derived = set(_words(parsed.committee_name)) - set(source)
    return Account(
        lost=tuple((source - result).elements()),
        invented=(*(result - source).elements(), *sorted(derived)),
    )


def _count(texts: Iterable[str]) -> Counter[str]:
    return Counter(word for text in texts for word in _words(text))


def _words(text: str) -> Iterator[str]:
    return (word for word in WORD.findall(text) if word != HOLLOW_BULLET)


def _texts(parsed: ParsedMinutes) -> Iterator[str]:
    yield parsed.title
    yield parsed.place
    yield from parsed.unplaced
    for line in parsed.structure:
        yield line.text
    for item in parsed.items:
        yield from _item_texts(item)


def _item_texts(item: ImportedItem) -> Iterator[str]:
    yield from (item.heading, item.case_id, item.attachments_heading, *item.attachments)
    for section in (*item.sections, *filter(None, [item.decision])):
        yield from (section.heading, section.text)
