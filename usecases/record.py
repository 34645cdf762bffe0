"""The record of a use case, declared as data: parsed from `content/record/*.yaml`.

Form, page, completeness, export and documentation all read this one declaration.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import cache

from core.content import ContentKind, Node

TYPES = {
    *("text", "long_text", "choice", "multi_choice", "date", "number"),
    *("link", "email", "person", "boolean"),
}
STAGES = ("submission", "review", "pilot", "operation", "retirement")
PUBLIC = ("everyone", "inside", "summary", "secretariat")
# Kept in columns of their own, because lists filter by them or guards read them.
COLUMNS = frozenset(
    {
        *("title", "summary", "municipality", "field", "target_group", "owner"),
        *("pilot_start", "pilot_end", "rereview_on"),
        *("contact_name", "contact_email", "contact_phone"),
    }
)
CURRENT = "record@1"
# So many answers are shown as buttons to choose among; more become a list.
FEW = 5


@dataclass(frozen=True)
class RecordField:
    """One thing that is known of a use case."""

    key: str
    type: str
    label: str
    short: str
    help: str
    stage: str
    public: str
    max_length: int
    material: bool
    choices: dict[str, str]
    section: str = ""

    @property
    def is_column(self) -> bool:
        return self.key in COLUMNS

    @property
    def is_public(self) -> bool:
        return self.public == "everyone"

    @property
    def anchor(self) -> str:
        """The id of its input, as a link to what is missing names it."""
        few = self.type == "choice" and len(self.choices) <= FEW
        grouped = few or self.type in ("multi_choice", "date")
        return f"id_{self.key}_0" if grouped else f"id_{self.key}"


@dataclass(frozen=True)
class RecordSection:
    """Fields that are filled in and read together; the intake takes those with a step."""

    key: str
    heading: str
    intro: str
    step: int
    fields: tuple[RecordField, ...]


@dataclass(frozen=True)
class Record:
    """All sections, in order."""

    key: str
    version: int
    title: str
    sections: tuple[RecordSection, ...]
    by_key: dict[str, RecordField] = field(default_factory=dict)

    @property
    def reference(self) -> str:
        return f"{self.key}@{self.version}"

    @property
    def fields(self) -> Iterator[RecordField]:
        return (one for section in self.sections for one in section.fields)

    @property
    def intake(self) -> tuple[RecordSection, ...]:
        """The steps somebody takes before submitting, in order."""
        steps = [section for section in self.sections if section.step]
        return tuple(sorted(steps, key=lambda section: section.step))

    def section(self, key: str) -> RecordSection:
        """Raises `KeyError` when there is none."""
        return next((s for s in self.sections if s.key == key), None) or _missing(key)

    def required_at(self, *stages: str) -> list[RecordField]:
        """The fields that must be filled by then."""
        return [one for one in self.fields if one.stage in stages]


def _missing(key: str) -> RecordSection:
    raise KeyError(key)


def parse_record(key: str, version: int, node: Node) -> Record:
    """Read one file. Raises `ContentError`."""
    sections = tuple(_section(entry, node) for entry in node.take("sections", list))
    by_key = {one.key: one for section in sections for one in section.fields}
    if len(by_key) != sum(len(section.fields) for section in sections):
        raise node.fail("a key stands twice among the fields")
    if missing := sorted(COLUMNS - by_key.keys()):
        raise node.fail(f"fields with columns are missing: {', '.join(missing)}")
    steps = sorted(section.step for section in sections if section.step)
    if steps != list(range(1, len(steps) + 1)) or len(steps) > 5:
        raise node.fail("the steps must be 1, 2, … and at most 5; the review is the last")
    return Record(key, version, node.take("title"), sections, by_key)


def _section(node: object, parent: Node) -> RecordSection:
    if not isinstance(node, Node):
        raise parent.fail("each section must be a mapping")
    key = node.take("key")
    section = RecordSection(
        key=key,
        heading=node.take("heading"),
        intro=node.take("intro"),
        step=node.take("step", int, 0),
        fields=tuple(_field(entry, node, key) for entry in node.take("fields", list)),
    )
    node.finish()
    return section


def _field(node: object, parent: Node, section: str) -> RecordField:
    if not isinstance(node, Node):
        raise parent.fail("each field must be a mapping")
    label = node.take("label")
    # Not `take`: a field that is never required says so with an empty text.
    stage = node.pop("stage", None)
    if stage not in (*STAGES, ""):
        raise node.fail(f"“stage” must be one of {', '.join(STAGES)} or empty")
    found = RecordField(
        key=node.take("key"),
        type=_one_of(node, "type", TYPES),
        label=label,
        short=node.take("short", default=label),
        help=node.take("help", default=""),
        stage=stage,
        public=_one_of(node, "public", PUBLIC),
        max_length=node.take("max", int, 0),
        material=node.take("material", bool, False),
        choices=_choices(node),
        section=section,
    )
    node.finish()
    if found.type in ("text", "long_text", "link", "email") and found.max_length < 1:
        raise node.fail("a text needs “max”")
    if (found.type in ("choice", "multi_choice")) != bool(found.choices):
        raise node.fail("choices belong to choice and multi_choice, and only there")
    return found


def _one_of(node: Node, key: str, allowed: Collection[str]) -> str:
    value: str = node.take(key)
    if value not in allowed:
        raise node.fail(f"“{key}” cannot be “{value}”")
    return value


def _choices(node: Node) -> dict[str, str]:
    if node.take("choices_from", default="") == "municipalities":
        return municipalities()
    return dict(node.take("choices", dict, {}))


@dataclass(frozen=True)
class Register:
    """Names by code."""

    title: str
    names: dict[str, str]


def parse_municipalities(key: str, version: int, node: Node) -> Register:
    return Register(node.take("title"), dict(node.take("municipalities", dict)))


RECORDS: ContentKind[Record] = ContentKind(app="usecases", folder="record", parse=parse_record)
MUNICIPALITIES: ContentKind[Register] = ContentKind(
    app="usecases", folder="municipalities", parse=parse_municipalities
)


@cache
def municipalities() -> dict[str, str]:
    """Denmark's municipalities by authority code, in alphabetical order."""
    names = MUNICIPALITIES.load("danmark", 1).names
    return dict(sorted(names.items(), key=lambda row: _danish(row[1])))


def _danish(name: str) -> str:
    """Æ, ø and å come last; aa is sorted as å."""
    order = str.maketrans({"æ": "z1", "ø": "z2", "å": "z3"})
    return name.lower().replace("aa", "å").translate(order)


def code_of(name: str) -> str:
    """The authority code of a municipality as people write it, or nothing."""
    wanted = name.removesuffix(" Kommune").strip().casefold()
    return next((c for c, known in municipalities().items() if known.casefold() == wanted), "")


def record() -> Record:
    """The record in the version that is filled in now."""
    return RECORDS.by_reference(CURRENT)
