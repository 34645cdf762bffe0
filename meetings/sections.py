"""Section templates: which sections an item has, in which order, under which headings."""

from dataclasses import dataclass

from core.content import ContentKind, Node
from meetings.enums import DECISION, PUBLIC_DECISION

PARTS = {"sections", "decision", "attachments"}


@dataclass(frozen=True)
class Section:
    """One section: its key, heading and help, and whether an item is ready without it."""

    key: str
    heading: str
    hint: str
    required: bool
    lead: str


@dataclass(frozen=True)
class SectionTemplate:
    """A body's way of setting up an item."""

    key: str
    version: int
    title: str
    sections: tuple[Section, ...]
    decision_heading: str
    attachments_heading: str
    order: tuple[str, ...]

    @property
    def reference(self) -> str:
        return f"{self.key}@{self.version}"

    @property
    def text_keys(self) -> tuple[str, ...]:
        """Keys of every long text an item can have under this template."""
        return (*(section.key for section in self.sections), DECISION, PUBLIC_DECISION)


def parse_template(key: str, version: int, node: Node) -> SectionTemplate:
    """Read one template file. Raises `ContentError`."""
    sections = tuple(_parse_section(entry, node) for entry in node.take("sections", list))
    keys = [section.key for section in sections]
    if len(set(keys)) != len(keys) or {DECISION, PUBLIC_DECISION} & set(keys):
        raise node.fail("section keys must be unique and not decision or public_decision")
    order = tuple(node.take("order", list, ["sections", "decision", "attachments"]))
    if sorted(order) != sorted(PARTS):
        raise node.fail(f"order must name {', '.join(sorted(PARTS))} once each")
    return SectionTemplate(
        key=key,
        version=version,
        title=node.take("title"),
        sections=sections,
        decision_heading=node.take("decision_heading"),
        attachments_heading=node.take("attachments_heading"),
        order=order,
    )


def _parse_section(entry: object, parent: Node) -> Section:
    if not isinstance(entry, Node):
        raise parent.fail("each section must be a mapping")
    section = Section(
        key=entry.take("key"),
        heading=entry.take("heading"),
        hint=entry.take("hint", default=""),
        required=entry.take("required", bool, False),
        lead=entry.take("lead", default=""),
    )
    entry.finish()
    return section


SECTION_TEMPLATES: ContentKind[SectionTemplate] = ContentKind(
    app="meetings", folder="templates", parse=parse_template
)


@dataclass(frozen=True)
class Exercise:
    """An exercise of a workshop: what the groups are asked, and in what kinds of notes."""

    key: str
    version: int
    title: str
    instruction: str
    prompts: tuple[str, ...]


def parse_exercise(key: str, version: int, node: Node) -> Exercise:
    """Read one exercise file. Raises `ContentError`."""
    return Exercise(
        key=key,
        version=version,
        title=node.take("title"),
        instruction=node.take("instruction"),
        prompts=tuple(node.take("prompts", list)),
    )


EXERCISES: ContentKind[Exercise] = ContentKind(
    app="meetings", folder="exercises", parse=parse_exercise
)
