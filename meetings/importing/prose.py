"""Lines of a section as the Markdown that is stored: unwrapped, with tidy lists."""

import itertools
import re
from dataclasses import dataclass

from meetings.importing.lines import Line

ENTRY = re.compile(
    r"(?P<indent>[ \t]*)(?P<marks>(?:(?:[-*+•·▪◦\uf0b7–]|o|\d{1,3}[.)])[ \t]+)+)(?P<rest>\S.*)"
)
NUMBER = re.compile(r"\d{1,3}[.)]")
MONTH = re.compile(
    r"(?:januar|februar|marts|april|maj|jun|jul|aug|sept|okt|nov|dec)", re.IGNORECASE
)
SENTENCE_END = (".", "!", "?", ":")
HARD_END = "  "
AFTER_SPLIT_WORD = re.compile(r"(?!(?:og|eller|samt)\b)[a-zæøå]")
MAX_DEPTH = 3


@dataclass(frozen=True, slots=True)
class Wrapping:
    """How the source breaks its lines: at `width` (0: not at all), `doubled` by blank lines."""

    width: int = 0
    doubled: bool = False


def find_wrapping(lines: list[Line]) -> Wrapping:
    """Judge by the lines themselves whether paragraphs are broken, and where."""
    lengths = sorted(len(line.text) for line in lines)
    width = lengths[int(len(lengths) * 0.9)] if lengths else 0
    if not 50 <= width <= 140 or lengths[-1] > width * 1.4:
        return Wrapping()
    pairs = list(itertools.pairwise(lines))
    split = sum(_mid_sentence(before, after, width) for before, after in pairs if after.gap)
    gaps = sum(after.gap for _, after in pairs)
    return Wrapping(width, doubled=gaps * 10 >= len(pairs) * 8 and split >= 2)


def _mid_sentence(before: Line, after: Line, width: int) -> bool:
    long = len(before.text) >= width * 0.7
    return long and not before.text.endswith(SENTENCE_END) and after.text[0].islower()


def continues(before: Line, after: Line, wrapping: Wrapping) -> bool:
    """Whether `after` is the rest of the paragraph that `before` is in."""
    if not wrapping.width or len(before.text) < wrapping.width * 0.7 or before.marked:
        return False
    if after.gap and not wrapping.doubled:
        return False
    ended = before.text.endswith(SENTENCE_END)
    return not (
        ended and (before.raw.endswith(HARD_END) or len(before.text) < wrapping.width * 0.8)
    )


def to_markdown(lines: list[Line], wrapping: Wrapping, *, numbers: bool = False) -> str:
    """`lines` as Markdown. `numbers`: write numbered lists as `1)`, as recommendations do."""
    blocks: list[str] = []
    indents: list[int] = []
    kind = ""
    for at, line in enumerate(lines):
        before = lines[at - 1] if at else None
        entry = (
            None if line.marked or line.text.startswith("|") else ENTRY.fullmatch(line.raw.rstrip())
        )
        now = _kind(line, entry)
        if (
            now == "text"
            and before
            and kind in ("text", "list")
            and continues(before, line, wrapping)
        ):
            blocks[-1] = _glue(blocks[-1], line.text)
            continue
        if entry:
            line_out = _entry(entry, indents, kind == "list", numbers)
        else:
            indents.clear()
            line_out = line.raw.strip()
        apart = now == "heading" or (now == "text" and (line.gap or wrapping.doubled))
        tight = now == kind and not apart
        blocks += [line_out] if tight or not blocks else ["", line_out]
        kind = now
    return "\n".join(blocks)


def _kind(line: Line, entry: "re.Match[str] | None") -> str:
    if entry:
        return "list"
    if line.text.startswith("|"):
        return "table"
    return "heading" if line.mark == "atx" else "text"


def _glue(before: str, after: str) -> str:
    word_split = before.endswith("-") and before[-2:-1].isalpha() and AFTER_SPLIT_WORD.match(after)
    return f"{before}{after}" if word_split else f"{before} {after}"


def _entry(entry: "re.Match[str]", indents: list[int], inside: bool, numbers: bool) -> str:
    """One list entry; `indents` is the stack of open levels."""
    marks = entry["marks"].split()
    indent = len(entry["indent"].expandtabs(4)) + (1 if "o" in marks and not entry["indent"] else 0)
    if not inside:
        indents.clear()
    while indents and indents[-1] > indent:
        indents.pop()
    if not indents or indents[-1] < indent:
        indents.append(indent)
    del indents[MAX_DEPTH + 1 :]
    return "  " * (len(indents) - 1) + _marker(marks, entry["rest"], numbers) + entry["rest"]


def _marker(marks: list[str], rest: str, numbers: bool) -> str:
    """The number of the entry or a dash. Further numbers are words and stay."""
    found = [mark for mark in marks if NUMBER.fullmatch(mark)]
    if not found:
        return "- "
    first = f"{found[0][:-1]})" if numbers and not MONTH.match(rest) else found[0]
    return " ".join([first, *found[1:]]) + " "
