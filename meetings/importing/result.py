"""What was read from a set of minutes. Every word of the source is in exactly one place here."""

from dataclasses import asdict, dataclass
from datetime import date, time
from typing import Any, Literal, TypeAlias

from django.utils.functional import Promise

Access: TypeAlias = Literal["open", "closed"]
Role: TypeAlias = Literal[
    "access", "committee", "contents", "date", "label", "none", "number", "page", "repeated",
    "rule", "time",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class StructureLine:
    """Words that carry no text of their own: labels, numbers, contents, repeated headings.

    Also the lines that were turned into a date or a time.
    """

    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class ImportedSection:
    """A section with the heading the source gave it; `text` is Markdown and may be empty."""

    key: str
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class ImportedItem:
    """An item; `access_stated` tells whether the source itself says open or closed.

    `sections` are in the order of the source, without the decision and the attachments. A key
    stands twice when the source uses two headings for it (several earlier decisions).
    """

    number: int | None
    access: Access
    access_stated: bool
    heading: str
    case_id: str
    sections: tuple[ImportedSection, ...]
    decision: ImportedSection | None
    attachments_heading: str
    attachments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ParsedMinutes:
    """The meeting, its items, what could not be placed, and what was only structure.

    `committee_name`, `date`, `start_time` and `end_time` are read out of words that are also
    kept elsewhere (title, structure); all other words stand in one place only.
    """

    title: str
    committee_name: str
    date: date | None
    start_time: time | None
    end_time: time | None
    place: str
    items: tuple[ImportedItem, ...]
    unplaced: tuple[str, ...]
    structure: tuple[StructureLine, ...]
    warnings: tuple[str | Promise, ...]


def as_dict(parsed: ParsedMinutes) -> dict[str, Any]:
    """`parsed` as plain values that JSON can hold; dates and times in ISO form."""
    return {
        "title": parsed.title,
        "committee_name": parsed.committee_name,
        "date": parsed.date.isoformat() if parsed.date else None,
        "start_time": parsed.start_time.isoformat("minutes") if parsed.start_time else None,
        "end_time": parsed.end_time.isoformat("minutes") if parsed.end_time else None,
        "place": parsed.place,
        "items": [
            {**asdict(item), "sections": [asdict(part) for part in item.sections],
             "attachments": list(item.attachments)}
            for item in parsed.items
        ],
        "unplaced": list(parsed.unplaced),
        "structure": [asdict(line) for line in parsed.structure],
        "warnings": [str(warning) for warning in parsed.warnings],
    }  # fmt: skip
