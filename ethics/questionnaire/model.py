"""What a questionnaire is: parts, questions, scales and flags, as read from its file."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

QuestionType = Literal["yes_no", "yes_no_na", "scale_0_4", "single", "multi", "text"]
TYPES = ("yes_no", "yes_no_na", "scale_0_4", "single", "multi", "text")
STEPS = (0, 1, 2, 3, 4)
UNKNOWN, NOT_RELEVANT, EMPTY = "unknown", "na", "empty"
# From the lightest to the heaviest.
SEVERITIES = ("info", "minor", "major", "blocker")
STAGES = ("screening", "ethics_review", "pilot", "operation")
STAGE_WORDS: dict[str, Promise] = {
    "screening": _("Screening"),
    "ethics_review": _("Ethics review"),
    "pilot": _("Pilot"),
    "operation": _("Operation"),
}
ANSWERED_BY = ("proposer", "owner", "secretariat", "legal", "dpo", "security")
WORDS: dict[str, Promise] = {
    "yes": _("Yes"),
    "no": _("No"),
    NOT_RELEVANT: _("Not relevant"),
    UNKNOWN: _("Don't know"),
}
CLOSED_VALUES: dict[str, tuple[str, ...]] = {
    "yes_no": ("yes", "no", UNKNOWN),
    "yes_no_na": ("yes", "no", NOT_RELEVANT, UNKNOWN),
}


@dataclass(frozen=True)
class Words:
    """A text in Danish and English; as a string it is the one of the active language."""

    da: str
    en: str

    def __str__(self) -> str:
        return self.en if (get_language() or "da").startswith("en") else self.da


@dataclass(frozen=True)
class Named:
    """Something with a name: a part, a principle, an option of a question."""

    id: str
    name: Words
    source: tuple[str, ...] = ()


@dataclass(frozen=True)
class Severity:
    """How heavy a flag is, and what it leads to."""

    id: str
    name: Words
    effect: Words

    @property
    def weight(self) -> int:
        return SEVERITIES.index(self.id)


@dataclass(frozen=True)
class Anchor:
    """A step of a scale and what it means."""

    value: int
    name: Words


@dataclass(frozen=True)
class Scale:
    """An axis: which answer counts, and what an unknown one counts as."""

    id: str
    name: Words
    counts: Literal["highest", "lowest"]
    unknown: int
    anchors: tuple[Anchor, ...]


@dataclass(frozen=True)
class Flag:
    """A warning that certain answers raise."""

    when: frozenset[str]
    severity: str
    text: Words


@dataclass(frozen=True)
class Condition:
    """A question is asked only if the answer to another is (or is not) one of these."""

    question: str
    values: frozenset[str]
    wanted: bool

    def holds(self, keys: frozenset[str]) -> bool:
        """`keys`: the answer to the other question; none when it is not given or not asked."""
        return bool(keys & self.values) == self.wanted


@dataclass(frozen=True)
class Question:
    """One question, with everything that is said about it."""

    id: str
    section: str
    type: QuestionType
    text: Words
    help: Words
    evidence: Words
    required_at: str
    answered_by: str
    publish: bool
    # Another answer after the decision is a material change of the case.
    material: bool = False
    scale: str = ""
    options: tuple[Named, ...] = ()
    anchors: tuple[Anchor, ...] = ()
    flags: tuple[Flag, ...] = ()
    show_if: tuple[Condition, ...] = ()
    principles: tuple[str, ...] = ()
    kl_points: tuple[int, ...] = ()
    reuse: tuple[str, ...] = ()
    source: tuple[str, ...] = ()

    @property
    def choices(self) -> tuple[tuple[str, Any], ...]:
        """What can be answered, in order, each with its words; empty for a free text."""
        if self.type == "text":
            return ()
        if self.type in CLOSED_VALUES:
            return tuple((value, WORDS[value]) for value in CLOSED_VALUES[self.type])
        own = [(str(step.value), step.name) for step in self.anchors]
        own += [(option.id, option.name) for option in self.options]
        return (*own, (UNKNOWN, WORDS[UNKNOWN]))

    @property
    def record_fields(self) -> tuple[str, ...]:
        """The fields of a use case's record that say the same."""
        return tuple(
            name.removeprefix("usecase.") for name in self.reuse if name.startswith("usecase.")
        )

    def words_for(self, key: str) -> Any:
        """What one possible answer is called."""
        return dict(self.choices).get(key, key)

    def flag_for(self, keys: frozenset[str]) -> Flag | None:
        """The heaviest flag that this answer raises."""
        raised = [flag for flag in self.flags if flag.when & keys]
        return max(raised, key=lambda flag: SEVERITIES.index(flag.severity), default=None)


@dataclass(frozen=True)
class Questionnaire:
    """A version of the questionnaire, whole."""

    ref: str
    title: Words
    severities: dict[str, Severity]
    scales: dict[str, Scale]
    kl_points: dict[int, Words]
    principles: dict[str, Named]
    sections: tuple[Named, ...]
    questions: tuple[Question, ...]
    by_id: dict[str, Question] = field(default_factory=dict)

    def section(self, key: str) -> Named:
        """Raises `KeyError` when there is none."""
        return {one.id: one for one in self.sections}[key]

    def questions_of(self, section: str) -> Iterator[Question]:
        return (one for one in self.questions if one.section == section)

    @property
    def version(self) -> int:
        return int(self.ref.rsplit("@", 1)[1])
