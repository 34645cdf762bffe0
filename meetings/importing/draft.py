"""The minutes while they are being read: what is open, and where the next line goes."""

from dataclasses import dataclass, field
from datetime import date, time

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from core.files.errors import sentence
from meetings.importing import headings, prose
from meetings.importing.lines import Line
from meetings.importing.result import (
    Access,
    ImportedItem,
    ImportedSection,
    ParsedMinutes,
    Role,
    StructureLine,
)

NO_ATTACHMENTS = ("", "ingen", "ingen bilag", "der er ingen bilag", "-")
UNKNOWN_HEADING = _(
    "The heading “%(heading)s” is not known. Its text stands under what could not be placed."
)
NO_HEADINGS = _("No known heading was found. All text stands under what could not be placed.")
NO_ITEM_HEADING = _("The item has no heading in the source. Write one.")
NO_DATE = _("The date of the meeting was not found. Write it.")
OPEN_ASSUMED_NAMELESS = _(
    "The source does not say whether the item is open or closed. Check it before you publish."
)
OPEN_ASSUMED = _(
    "The source does not say whether “%(heading)s” is open or closed. Check it before you publish."
)
UNPLACED = ngettext_lazy(
    "%(count)s line could not be placed. It is kept as it is.",
    "%(count)s lines could not be placed. They are kept as they are.",
    "count",
)


@dataclass(slots=True)
class SectionDraft:
    """A section and its lines so far."""

    key: str
    heading: str
    lines: list[Line] = field(default_factory=list)


@dataclass(slots=True)
class ItemDraft:
    """An item and its sections so far; the decision and the attachments are among them."""

    number: int | None = None
    heading: str = ""
    access: Access | None = None
    case_id: str = ""
    level: int = 0
    section_level: int = 0
    sections: list[SectionDraft] = field(default_factory=list)

    def called(self, number: int | None, heading: str) -> bool:
        """Whether this is the item with that number and heading."""
        same = headings.fold(self.heading) == headings.fold(heading)
        return same and (number is None or self.number is None or number == self.number)


@dataclass(slots=True)
class Draft:
    """Everything read so far. `sink` takes plain text; without one it is unplaced."""

    wrapping: prose.Wrapping
    title: str = ""
    committee: str = ""
    day: date | None = None
    start: time | None = None
    end: time | None = None
    place: str = ""
    items: list[ItemDraft] = field(default_factory=list)
    sink: SectionDraft | None = None
    group_access: Access | None = None
    in_contents: bool = False
    pending: str = ""
    unplaced: list[str] = field(default_factory=list)
    structure: list[StructureLine] = field(default_factory=list)
    warnings: list[str | Promise] = field(default_factory=list)

    @property
    def item(self) -> ItemDraft | None:
        return self.items[-1] if self.items else None

    def note(self, role: Role, text: str) -> None:
        """Keep `text` as structure."""
        if text.strip():
            self.structure.append(StructureLine(role, text.strip()))

    def keep(self, line: Line) -> None:
        """Put plain text where it belongs."""
        if self.sink is not None:
            self.sink.lines.append(line)
        else:
            self.unplaced.append(line.raw.strip())

    def open_section(self, key: str, heading: str, line: Line) -> None:
        """Start a section; an item is made when the source forgot its heading."""
        if not self.items:
            self.items.append(ItemDraft(access=self.group_access))
        item = self.items[-1]
        item.section_level = line.level or item.section_level
        same = [part for part in item.sections if part.key == key and part.heading == heading]
        if same:
            self.note("repeated", heading)
            self.sink = same[0]
            return
        self.sink = SectionDraft(key, heading)
        item.sections.append(self.sink)


def finish(draft: Draft) -> ParsedMinutes:
    """The result; what was not stated outright is read from the title and the decisions."""
    _recognise_contents(draft)
    committee, day = _fallbacks(draft)
    items = tuple(_item(item, draft) for item in draft.items)
    _warn(draft, items, day)
    return ParsedMinutes(
        draft.title, committee, day, draft.start, draft.end, draft.place, items,
        tuple(draft.unplaced), tuple(draft.structure), tuple(draft.warnings),
    )  # fmt: skip


def _recognise_contents(draft: Draft) -> None:
    """A list of contents without page numbers is known by the items that came after it."""
    known: dict[str, list[ItemDraft]] = {}
    for item in draft.items:
        known.setdefault(headings.fold(item.heading), []).append(item)
    kept = []
    for line in draft.unplaced:
        entry = headings.find_item(line)
        number, heading = (entry.number, entry.heading) if entry else (None, line)
        same = known.get(headings.fold(heading), []) if heading else []
        if any(item.called(number, heading) for item in same):
            draft.note("contents", line)
        else:
            kept.append(line)
    draft.unplaced = kept


def _fallbacks(draft: Draft) -> tuple[str, date | None]:
    committee = draft.committee or headings.body_in_title(draft.title)
    day = draft.day or headings.find_date(draft.title)
    decided = [
        headings.body_in_decision(part.heading)
        for item in draft.items
        for part in item.sections
        if part.key == "decision"
    ]
    body, when = decided[-1] if decided else ("", None)
    return committee or body, day or when


def _warn(draft: Draft, items: tuple[ImportedItem, ...], day: date | None) -> None:
    if not items:
        draft.warnings.append(NO_HEADINGS)
    if items and day is None:
        draft.warnings.append(NO_DATE)
    for item in items:
        if not item.heading:
            draft.warnings.append(NO_ITEM_HEADING)
        if not item.access_stated:
            named = sentence(OPEN_ASSUMED, heading=item.heading)
            draft.warnings.append(named if item.heading else OPEN_ASSUMED_NAMELESS)
    if items and draft.unplaced:
        draft.warnings.append(sentence(UNPLACED, count=len(draft.unplaced)))


def _item(item: ItemDraft, draft: Draft) -> ImportedItem:
    decisions = [part for part in item.sections if part.key == "decision"]
    attached = [part for part in item.sections if part.key == "attachments"]
    names = [name for part in attached for name in _attachments(part, draft)]
    for part in attached[1:]:
        draft.note("repeated", part.heading)
    return ImportedItem(
        number=item.number,
        access=item.access or "open",
        access_stated=item.access is not None,
        heading=item.heading,
        case_id=item.case_id,
        sections=tuple(
            _section(part, draft.wrapping, earlier=part in decisions[:-1])
            for part in item.sections
            if part not in attached and part not in decisions[-1:]
        ),
        decision=_section(decisions[-1], draft.wrapping) if decisions else None,
        attachments_heading=attached[0].heading if attached else "",
        attachments=tuple(names),
    )


def _section(
    part: SectionDraft, wrapping: prose.Wrapping, *, earlier: bool = False
) -> ImportedSection:
    """Only the last decision of an item is the meeting's own."""
    key = "earlier_decisions" if earlier else part.key
    numbers = part.key == "recommendation"
    return ImportedSection(
        key, part.heading, prose.to_markdown(part.lines, wrapping, numbers=numbers)
    )


def _attachments(part: SectionDraft, draft: Draft) -> list[str]:
    names = []
    for line in part.lines:
        entry = prose.ENTRY.fullmatch(line.raw.rstrip())
        name = entry["rest"] if entry else line.text
        if headings.fold(name) in NO_ATTACHMENTS:
            draft.note("none", line.raw)
        else:
            draft.note("number", " ".join(prose.NUMBER.findall(entry["marks"])) if entry else "")
            names.append(name.strip())
    return names
