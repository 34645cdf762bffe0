"""Minutes as text to minutes as a meeting. Each line is placed exactly once, or is unplaced.

Two written forms are known by heart: Gentofte's (Markdown out of a PDF) and Norddjurs' (plain
text, broken by blank lines). Everything else is recognised by the same words or kept aside.
"""

import re
from collections.abc import Callable

from core.files.errors import sentence
from meetings.importing import headings
from meetings.importing.draft import UNKNOWN_HEADING, Draft, ItemDraft, finish
from meetings.importing.headings import ItemHeading, Label
from meetings.importing.lines import LONGEST_MARKED, Line, split
from meetings.importing.prose import find_wrapping
from meetings.importing.result import Access, ParsedMinutes
from meetings.importing.source import source_text

LEADER = re.compile(r"(?:\.{4,}|…{2,}|\t)\s*\d{1,4}$")
ENDS_IN_PAGE = re.compile(r"[\s.…|]\d{1,3}\s*\|?$")
RULE = re.compile(r"[-*_=|:\s~—–]+")
LONGEST_HEADING = 250
UNFINISHED = (" i", " for", " af", " til", " og", " den", " d.", ",", " –")


def parse_minutes(data: bytes, filename: str) -> ParsedMinutes:
    """Read minutes in text, Markdown, DOCX, ODT or PDF. Raises `ImportRefused` without text."""
    return parse_text(source_text(data, filename))


def parse_text(source: str) -> ParsedMinutes:
    """Read normalised text; `account` proves that nothing was lost or invented."""
    lines = split(source)
    draft = Draft(find_wrapping([line for line in lines if not line.page]))
    content = [line for line in lines if not line.page]
    for line, following in zip(content, [*content[1:], None], strict=True):
        _place(draft, line, following)
    for line in lines:
        if line.page:
            draft.note("page", line.raw)
    return finish(draft)


def _place(draft: Draft, line: Line, following: Line | None) -> None:
    for step in STEPS:
        if step(draft, line, following):
            return
    draft.keep(line)


def _rule(draft: Draft, line: Line, following: Line | None) -> bool:
    if not RULE.fullmatch(line.text) or ("|" in line.text and draft.sink is not None):
        return False
    draft.note("rule", line.raw)
    return True


def _pending_value(draft: Draft, line: Line, following: Line | None) -> bool:
    """The value of a label that stood alone on the line before."""
    field, draft.pending = draft.pending, ""
    if not field or line.marked or headings.find_label(line.raw) or _is_section(line):
        return False
    return _fill(draft, Label(field, "", line.text), line)


def _contents(draft: Draft, line: Line, following: Line | None) -> bool:
    if len(line.text) > LONGEST_MARKED:
        return False
    if not draft.in_contents:
        start = draft.sink is None and headings.fold(line.text) in headings.CONTENTS
        draft.in_contents = start
        inside = start or (draft.sink is None and LEADER.search(line.text) is not None)
    else:
        ends = ENDS_IN_PAGE.search(line.text) or LEADER.search(line.text)
        inside = draft.in_contents = bool(ends) and not line.marked and not _opens(following)
    if inside:
        draft.note("contents", line.raw)
    return inside


def _opens(line: Line | None) -> bool:
    """Whether a line is what stands first in an item: a section heading or a case id."""
    if line is None:
        return False
    label = headings.find_label(line.raw)
    case = headings.CASE_ID.fullmatch(line.text) or (label and label.field == "case")
    return bool(case) or _is_section(line)


def _is_section(line: Line) -> bool:
    return bool(headings.section_key(line.text) or headings.inline_section(line.text))


def _title(draft: Draft, line: Line, following: Line | None) -> bool:
    if draft.title or draft.items or len(line.text) > LONGEST_HEADING:
        return False
    first = not draft.structure and not draft.unplaced
    if not headings.TITLE.match(line.text) or not (line.marked or (first and line.text[-1] != ".")):
        return False
    draft.title = line.text
    return True


def _title_rest(draft: Draft, line: Line, following: Line | None) -> bool:
    """The second line of a title that a page was too narrow for."""
    if draft.items or line.gap or line.marked or draft.structure or draft.unplaced:
        return False
    if not draft.title.endswith(UNFINISHED) or _is_section(line):
        return False
    draft.title = f"{draft.title} {line.text}"
    return True


def _heading_as_title(draft: Draft, line: Line, following: Line | None) -> bool:
    """Any first heading of the highest level, when nothing better has come."""
    if draft.title or draft.items or line.mark != "atx" or line.level != 1:
        return False
    draft.title = line.text
    return True


def _label(draft: Draft, line: Line, following: Line | None) -> bool:
    label = headings.find_label(line.raw)
    if label is None or (label.field == "case") == (draft.item is None):
        return False
    if label.field == "case":
        return _case(draft, label.label, label.value, line)
    if not label.value:
        draft.pending = label.field
        draft.note("label", label.label)
        return True
    return _fill(draft, label, line)


def _fill(draft: Draft, label: Label, line: Line) -> bool:
    if label.field == "place" and not draft.place:
        draft.place = label.value
        draft.note("label", label.label)
        return True
    if label.field == "committee" and not draft.committee:
        draft.committee = label.value
        draft.note("committee", line.raw)
        return True
    return label.field in ("date", "start", "end") and _when(draft, label, line)


def _when(draft: Draft, label: Label, line: Line) -> bool:
    """Read date and times; a line that says more than that stays readable as unplaced text."""
    day, times = headings.find_date(label.value), headings.find_times(label.value)
    draft.day = draft.day or day
    if label.field == "end":
        draft.end = draft.end or (times[0] if times else None)
    elif times:
        draft.start = draft.start or times[0]
        draft.end = draft.end or (times[1] if len(times) > 1 else None)
    if (day or times) and headings.is_only_when(label.value):
        draft.note("date" if day else "time", line.raw)
        return True
    return False


def _ended(draft: Draft, line: Line, following: Line | None) -> bool:
    """The minutes say when the meeting really ended; that beats the time it was called for."""
    times = headings.find_times(line.text)
    if not headings.ENDED.fullmatch(line.text) or not times:
        return False
    draft.end = times[0]
    draft.note("time", line.raw)
    return True


def _case(draft: Draft, label: str, value: str, line: Line) -> bool:
    item = draft.items[-1]
    if not value or len(value) > 60 or not re.search(r"\d", value):
        return False
    if item.case_id == value:
        draft.note("repeated", line.raw)
    elif item.case_id:
        return False
    else:
        item.case_id = value
        draft.note("label", label)
    return True


def _case_alone(draft: Draft, line: Line, following: Line | None) -> bool:
    if draft.item is None or not headings.CASE_ID.fullmatch(line.text):
        return False
    return _case(draft, "", line.text, line)


def _access(draft: Draft, line: Line, following: Line | None) -> bool:
    """`Lukkede punkter` over a group of items, or `Lukket punkt` in one."""
    if headings.ACCESS_GROUP.fullmatch(line.text):
        draft.group_access = headings.access_in(line.text)
        draft.sink = None
    elif draft.item and not draft.item.sections and headings.ACCESS_LINE.fullmatch(line.text):
        draft.item.access = _stricter(draft.item.access, headings.access_in(line.text))
    else:
        return False
    draft.note("access", line.raw)
    return True


def _stricter(one: Access | None, other: Access | None) -> Access | None:
    return "closed" if "closed" in (one, other) else one or other


def _item(draft: Draft, line: Line, following: Line | None) -> bool:
    found = headings.find_item(line.text) if len(line.text) <= LONGEST_HEADING else None
    if found is None or not _is_item(draft, found, line, following):
        return False
    current = draft.item
    if current and current.called(found.number, found.heading) and not current.sections:
        current.access = _stricter(current.access, found.access)
        current.level = line.level or current.level
        draft.note("repeated", line.raw)
    else:
        _drop_announced(draft, found)
        _start_item(draft, found, line)
    draft.sink = None
    return True


def _is_item(draft: Draft, found: ItemHeading, line: Line, following: Line | None) -> bool:
    """Whether a numbered line is a heading here, and not a list entry or a sentence."""
    last = max((item.number or 0 for item in draft.items), default=0)
    if found.access:
        return True
    if found.numbered_word and (line.marked or found.explicit):
        return line.marked or ((found.number or 0) > last and not found.heading.endswith("."))
    if headings.section_key(found.heading) or found.heading[0].islower():
        return False
    if line.marked:
        return line.mark == "atx" and not _below_sections(draft, line)
    plain = not found.heading.endswith((".", ":")) and (found.number or 0) > last
    return plain and _opens(following) and found.heading[0].isupper()


def _below_sections(draft: Draft, line: Line) -> bool:
    item = draft.item
    return bool(item and item.sections and item.section_level and line.level >= item.section_level)


def _start_item(draft: Draft, found: ItemHeading, line: Line) -> None:
    access = _stricter(found.access, draft.group_access)
    draft.items.append(ItemDraft(found.number, found.heading, access, level=line.level))
    for words in found.around:
        draft.note("number", words)


def _drop_announced(draft: Draft, found: ItemHeading) -> None:
    """A list of contents without page numbers looks like items without anything in them."""
    for item in [one for one in draft.items if not one.sections and not one.case_id]:
        if item.called(found.number, found.heading):
            draft.items.remove(item)
            draft.note("contents", item.heading)


def _section(draft: Draft, line: Line, following: Line | None) -> bool:
    numbered = headings.find_item(line.text) if line.marked else None
    key = headings.section_key(line.text)
    if key is None and numbered and (key := headings.section_key(numbered.heading)):
        draft.note("number", " ".join(numbered.around))
        line = Line(line.raw, numbered.heading, line.mark, line.level, line.gap)
    if key is None:
        return False
    draft.open_section(key, line.text.rstrip(": "), line)
    return True


def _inline_section(draft: Draft, line: Line, following: Line | None) -> bool:
    found = headings.inline_section(line.text)
    if found is None:
        return False
    key, heading, rest = found
    draft.open_section(key, heading, line)
    draft.keep(Line(rest, rest))
    return True


def _unknown_heading(draft: Draft, line: Line, following: Line | None) -> bool:
    """A heading over sections starts an item; beside them it ends the section before it."""
    item = draft.item
    if line.mark != "atx":
        return False
    if _heads_item(item, line, following):
        draft.items.append(ItemDraft(None, line.text, draft.group_access, level=line.level))
        draft.sink = None
        return True
    if item and item.section_level and line.level > item.section_level:
        return False
    draft.sink = None
    draft.unplaced.append(line.raw.strip())
    draft.warnings.append(sentence(UNKNOWN_HEADING, heading=line.text))
    return True


def _heads_item(item: ItemDraft | None, line: Line, following: Line | None) -> bool:
    if not _opens(following):
        return False
    return item is None or line.level <= item.level or line.level < item.section_level


Step = Callable[[Draft, Line, Line | None], bool]
STEPS: tuple[Step, ...] = (
    _rule,
    _pending_value,
    _contents,
    _label,
    _ended,
    _case_alone,
    _access,
    _title,
    _title_rest,
    _item,
    _section,
    _inline_section,
    _heading_as_title,
    _unknown_heading,
)
