"""The axes of a review as they are drawn and read: side by side, never added up. No database."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median_low
from typing import Any

from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from ethics.questionnaire import Assessment, Question, Questionnaire, assess

# The drawing's own units; page and PDF scale it.
LEFT, STEP, WIDTH, ROW = 106, 66, 560, 66
HIGHEST = 4
# Answers that share a step stand beside each other.
BESIDE = 11
PRICE = "duty_to_use"
# Which of several people's scores counts: of harm the worst, of what protects the weakest, of the
# hoped-for value the one in the middle.
COUNTS: dict[str, Callable[[list[int]], int]] = {"impact": max, "safeguard": min}
WHERE = {"impact": _("highest: %(questions)s"), "safeguard": _("lowest: %(questions)s")}


@dataclass(frozen=True)
class Given:
    """What one of those who judged comes to: who, and their answers assessed."""

    name: str
    answers: dict[str, Any]
    assessment: Assessment


@dataclass(frozen=True)
class Read:
    """One's score on an axis, with the questions that gave it."""

    name: str
    score: int | None
    question_ids: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """An axis: what each said, the answer that counts, and where its marks stand."""

    key: str
    name: str
    low: str
    high: str
    score: int | None
    word: str
    where: str
    read: tuple[Read, ...]
    top: int

    @property
    def y(self) -> int:
        return self.top + 30

    @property
    def ticks(self) -> list[int]:
        return [_x(step) for step in range(HIGHEST + 1)]

    @property
    def key_x(self) -> int:
        return _x(self.score or 0)

    @property
    def dots(self) -> list[str]:
        """One for each who answered; as text, because a page writes numbers in Danish."""
        counts = Counter(one.score for one in self.read if one.score is not None)
        return [
            f"{_x(step) + BESIDE * (place - (count - 1) / 2):g}"
            for step, count in sorted(counts.items())
            for place in range(count)
        ]

    @property
    def span(self) -> tuple[int, int] | None:
        """From the lowest to the highest answer, when they differ."""
        scores = [one.score for one in self.read if one.score is not None]
        if not scores or min(scores) == max(scores):
            return None
        return _x(min(scores)), _x(max(scores))

    @property
    def sentence(self) -> str:
        """The row for those who do not see the drawing."""
        return ", ".join(filter(None, (f"{self.name}: {self.word}", self.where)))


@dataclass(frozen=True)
class Plot:
    rows: tuple[Row, ...]
    # The diamond marks the answer that counts; a plot of answers alone has none.
    has_key: bool = True

    @property
    def width(self) -> int:
        return WIDTH

    @property
    def height(self) -> int:
        return ROW * len(self.rows)

    @property
    def alt(self) -> str:
        return " ".join(f"{row.sentence}." for row in self.rows)


def _x(step: int) -> int:
    return LEFT + STEP * step


def given(known: Questionnaire, name: str, answers: dict[str, Any]) -> Given:
    return Given(name, answers, assess(known, answers))


def axes(known: Questionnaire, people: Sequence[Given]) -> Plot:
    """Each axis with what everybody said and the answer that counts."""
    rows = [_row(known, key, people, place) for place, key in enumerate(known.scales)]
    return Plot(tuple(rows))


def _row(known: Questionnaire, key: str, people: Sequence[Given], place: int) -> Row:
    read = tuple(_read(key, one) for one in people)
    scores = [one.score for one in read if one.score is not None]
    score = COUNTS.get(key, median_low)(scores) if scores else None
    at = sorted({key for one in read if one.score == score for key in one.question_ids})
    where = str(WHERE.get(key, "%(questions)s")) % {"questions": _first(at)} if at else ""
    scale = known.scales[key]
    words = [str(anchor.name) for anchor in scale.anchors]
    return Row(
        *(key, str(scale.name), *_ends(words), score, _word(words, score), where, read),
        place * ROW,
    )


def _ends(words: Sequence[str]) -> tuple[str, str]:
    return f"0 {_short(words[0])}", f"{HIGHEST} {_short(words[-1])}"


def _read(key: str, one: Given) -> Read:
    axis = one.assessment.axes[key]
    return Read(one.name, axis.score, axis.question_ids)


def _first(ids: Sequence[str]) -> str:
    """The drawing has room for two questions; the table names them all."""
    more = f" +{len(ids) - 2}" if len(ids) > 2 else ""
    return ", ".join(ids[:2]) + more


def _word(words: Sequence[str], score: int | None) -> str:
    return f"{score} {words[score]}" if score is not None else say("not answered")


def _short(words: str) -> str:
    """One of two halves of a long anchor: the drawing has room for two words."""
    if len(words) < 22:
        return words.lower()
    either = re.split(r",| eller | or ", words)[0]
    return re.split(r" og | and ", either)[-1].strip().lower()


# The price of saying no --------------------------------------------------------------------


def price_question(known: Questionnaire) -> Question | None:
    """The question of what it costs to refrain; a “no” is judged like a “yes”."""
    found = (one for one in known.questions if PRICE in one.principles and one.scale)
    return next(found, None)


def price(known: Questionnaire, people: Sequence[Given]) -> Plot | None:
    """What each thinks that it costs to refrain; nobody's answer counts for the others."""
    question = price_question(known)
    if question is None:
        return None
    read = tuple(Read(one.name, _step(known, question, one), (question.id,)) for one in people)
    scores = sorted(one.score for one in read if one.score is not None)
    words = [str(anchor.name) for anchor in question.anchors]
    low, high = (scores[0], scores[-1]) if scores else (None, None)
    word = _word(words, low) if low == high else f"{low}–{high}"
    row = Row(
        *("price", say("The price of a no"), *_ends(words), high, word, "", read),
        0,
    )
    return Plot((row,), has_key=False)


def _step(known: Questionnaire, question: Question, one: Given) -> int | None:
    return one.assessment.axes[question.scale].scores.get(question.id)
