"""The rules as plain data: what a content file of the AI Act says. No database, no people."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import get_language

END = "END"
UNKNOWN = "unknown"
REVIEW = "review."
# The date of an obligation is that of the outcome that gave the tier.
BY_TIER = "tier"


@dataclass(frozen=True)
class Text:
    """A text in both languages; as a string, the one that the reader has chosen."""

    en: str
    da: str

    def __str__(self) -> str:
        return self.en if (get_language() or "").startswith("en") else self.da

    def both(self) -> dict[str, str]:
        return {"da": self.da, "en": self.en}


NOTHING = Text("", "")


@dataclass(frozen=True)
class When:
    """A condition on labels. All parts that are given must hold; `or_any` alone is enough."""

    all: frozenset[str] = frozenset()
    any: frozenset[str] = frozenset()
    none: frozenset[str] = frozenset()
    any_prefix: str = ""
    terminal: str = ""
    or_any: frozenset[str] = frozenset()
    otherwise: bool = False

    def holds(self, labels: set[str], ended: str = "") -> bool:
        """`ended` is the outcome at which the questions stopped, if they did."""
        if self.or_any & labels:
            return True
        if self.terminal:
            return ended == self.terminal
        if not self.all <= labels or self.none & labels or (self.any and not self.any & labels):
            return False
        return not self.any_prefix or any(one.startswith(self.any_prefix) for one in labels)

    @property
    def labels(self) -> frozenset[str]:
        return self.all | self.any | self.none | self.or_any


@dataclass(frozen=True)
class Date:
    """A day on which rules begin to apply. Everything else names it by its id."""

    id: str
    day: date
    text: Text
    basis: str
    confidence: str


@dataclass(frozen=True)
class Named:
    """A key with its words: a tier, an actor, a block."""

    key: str
    text: Text
    slug: str = ""


@dataclass(frozen=True)
class Option:
    """An answer that can be chosen, and what follows from it."""

    value: str
    text: Text
    sets: tuple[str, ...] = ()
    outcome: str = ""
    next: str = ""


@dataclass(frozen=True)
class Question:
    """One question; `kind` says whether it is a trigger, an element, an exception or a fact."""

    id: str
    block: str
    article: Text
    kind: str
    type: str
    text: Text
    help: Text
    relevance: str
    applies_from: str
    show_if: When | None
    else_next: str
    options: tuple[Option, ...]
    by_value: dict[str, Option] = field(default_factory=dict, compare=False)

    @property
    def is_multi(self) -> bool:
        return self.type == "multi"

    def is_shown(self, labels: set[str]) -> bool:
        return self.show_if is None or self.show_if.holds(labels)


@dataclass(frozen=True)
class Derived:
    """A label that follows from labels, and from the tier as it stands."""

    label: str
    when: When
    requires_tier: frozenset[str]
    requires_no_tier: frozenset[str]
    article: Text
    note: str


@dataclass(frozen=True)
class Outcome:
    """What a system is found to be."""

    id: str
    rank: int
    tier: str
    when: When
    text: Text
    article: Text
    gate: str
    applies_from: str
    stacks: bool
    note: Text


@dataclass(frozen=True)
class Obligation:
    """A duty: whose, under which article, for whom, from when, before which gate."""

    id: str
    actor: str
    article: Text
    text: Text
    when: When
    tiers: frozenset[str]
    role: str
    annex: str
    always: bool
    applies_from: str
    other_reading: str
    later_if: frozenset[str]
    later: str
    gate: str
    evidence: Text
    publish: bool
    confidence: str


@dataclass(frozen=True)
class OtherLaw:
    """Law that the screening points to and does not answer."""

    id: str
    ref: str
    text: Text
    when: Text


@dataclass(frozen=True)
class Rules:
    """One version of the rules. Immutable: a changed rule is another version."""

    key: str
    version: int
    title: str
    edition: str
    as_of: date
    legal_basis: str
    disclaimer: Text
    open_questions: tuple[str, ...]
    dates: dict[str, Date]
    presets: dict[str, str | list[str]]
    blocks: dict[str, Named]
    tiers: dict[str, Named]
    actors: dict[str, Named]
    annex_1: dict[str, list[str]]
    questions: tuple[Question, ...]
    by_id: dict[str, Question]
    place: dict[str, int]
    derived: tuple[Derived, ...]
    outcomes: tuple[Outcome, ...]
    obligations: tuple[Obligation, ...]
    other_law: tuple[OtherLaw, ...]

    @property
    def reference(self) -> str:
        return f"{self.key}@{self.version}"

    def day(self, name: str) -> date | None:
        """The day of a date id; nothing for an empty one."""
        return self.dates[name].day if name else None

    def outcome(self, name: str) -> Outcome:
        return next(one for one in self.outcomes if one.id == name)

    def obligation(self, code: str) -> Obligation | None:
        return next((one for one in self.obligations if one.id == code), None)

    def in_block(self, block: str) -> Iterator[Question]:
        return (one for one in self.questions if one.block == block)

    def weight(self, tier: str) -> int:
        """Tiers by weight: the smaller the number, the heavier. What blocks weighs the same."""
        return {"unresolved": 0}.get(tier, list(self.tiers).index(tier))
