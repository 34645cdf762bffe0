"""How foreign tables and standards relate to the record, declared as data in `content/`."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from core.content import ContentKind, Node
from usecases.enums import Status
from usecases.record import record

FORMATS = ("kl", "nl", "atrs")
SPECIAL = ("$id", "$status", "$url", "$submitted_on", "$updated_on")


@dataclass(frozen=True)
class TargetField:
    """One field of a foreign standard, and what of the record it is made of."""

    key: str
    sources: tuple[str, ...]
    const: str
    max_length: int
    required: bool
    values: dict[str, str]
    words: bool
    is_list: bool
    max_items: int
    month: bool
    organisation: bool

    @property
    def is_reversible(self) -> bool:
        """Does the target's value give ours back whole?"""
        lossy = self.values and len(set(self.values.values())) < len(self.values)
        return len(self.sources) == 1 and not (lossy or self.month or self.is_list)


@dataclass(frozen=True)
class Target:
    """A foreign standard."""

    title: str
    media: str
    notes: tuple[str, ...]
    fields: tuple[TargetField, ...]


def parse_target(key: str, version: int, node: Node) -> Target:
    """Read one file. Raises `ContentError`."""
    fields = tuple(_target_field(entry, node) for entry in node.take("fields", list))
    if len({one.key for one in fields}) != len(fields):
        raise node.fail("a key stands twice among the fields")
    notes = tuple(node.take("notes", list, []))
    return Target(node.take("title"), node.take("media"), notes, fields)


def _target_field(node: Any, parent: Node) -> TargetField:
    if not isinstance(node, Node):
        raise parent.fail("each field must be a mapping")
    found = TargetField(
        key=node.take("key"),
        sources=tuple(node.take("from", list, [])),
        const=node.take("const", default=""),
        max_length=node.take("max", int, 0),
        required=node.take("required", bool, False),
        values=dict(node.take("values", dict, {})),
        words=node.take("words", bool, False),
        is_list=node.take("list", bool, False),
        max_items=node.take("max_items", int, 0),
        month=node.take("month", bool, False),
        organisation=node.take("organisation", bool, False),
    )
    node.finish()
    unknown = [one for one in found.sources if one not in SPECIAL and one not in record().by_key]
    if unknown or bool(found.sources) == bool(found.const):
        raise node.fail(f"“{found.key}” is made of nothing we know")
    return found


@dataclass(frozen=True)
class Landkort:
    """Headings, and words for status and field of work, as others write them."""

    title: str
    headings: dict[str, str]
    status: dict[str, str]
    prose_status: dict[str, str]
    fields: dict[str, str]


def parse_landkort(key: str, version: int, node: Node) -> Landkort:
    """Read the file; every word points at what it means. Raises `ContentError`."""
    found = Landkort(
        title=node.take("title"),
        headings=_turned(node.take("headings", dict)),
        status=_turned(node.take("status", dict)),
        prose_status=_turned(node.take("prose_status", dict)),
        fields=_turned(node.take("fields", dict)),
    )
    if unknown := set(found.status.values()) - set(Status.values):
        raise node.fail(f"no status of ours: {', '.join(sorted(unknown))}")
    return found


def _turned(words: dict[str, list[str]]) -> dict[str, str]:
    return {word.casefold(): meaning for meaning, found in words.items() for word in found}


@dataclass(frozen=True)
class IdeaGroup:
    heading: str
    ideas: tuple[str, ...]


@dataclass(frozen=True)
class Catalogue:
    """Types of ideas to be inspired by."""

    title: str
    source: str
    groups: tuple[IdeaGroup, ...]


def parse_ideas(key: str, version: int, node: Node) -> Catalogue:
    groups = tuple(_idea_group(entry, node) for entry in node.take("groups", list))
    return Catalogue(node.take("title"), node.take("source"), groups)


def _idea_group(node: Any, parent: Node) -> IdeaGroup:
    if not isinstance(node, Node):
        raise parent.fail("each group must be a mapping")
    found = IdeaGroup(node.take("heading"), tuple(node.take("ideas", list)))
    node.finish()
    return found


TARGETS: ContentKind[Target] = ContentKind(app="usecases", folder="export", parse=parse_target)
LANDKORT: ContentKind[Landkort] = ContentKind(
    app="usecases", folder="landkort", parse=parse_landkort
)
IDEAS: ContentKind[Catalogue] = ContentKind(app="usecases", folder="ideas", parse=parse_ideas)


def target(name: str) -> Target:
    """One of `FORMATS`."""
    return TARGETS.load(name, 1)


@cache
def landkort() -> Landkort:
    return LANDKORT.load("landkort", 1)


def ideas() -> Catalogue:
    return IDEAS.load("ideas", 1)
