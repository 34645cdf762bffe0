"""Lines of a section as the Markdown that is stored: unwrapped, with tidy lists."""

import itertools
import re
from dataclasses import dataclass, field

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


def continues(before: Line, after: Line, wrapping: Wrapping, *, running: bool = False) -> bool:
    """Whether `after` is the rest of the paragraph that `before` is in.

    `running`: `before` was such a rest itself; a PDF sometimes breaks off a single word there.
    """
    if not wrapping.width or before.marked or (after.gap and not wrapping.doubled):
        return False
    goes_on = after.text[0].islower() and not before.text.endswith(SENTENCE_END)
    least = (0.0 if running else 0.3) if goes_on and not after.gap else 0.7
    if len(before.text) < wrapping.width * least:
        return False
    ended = before.text.endswith(SENTENCE_END)
    return not (
        ended and (before.raw.endswith(HARD_END) or len(before.text) < wrapping.width * 0.8)
    )


def to_markdown(lines: list[Line], wrapping: Wrapping, *, numbers: bool = False) -> str:
    """`lines` as Markdown. `numbers`: write numbered lists as `1)`, as recommendations do."""
    page = _Page(wrapping, numbers)
    for line in lines:
        page.add(line)
    return "\n".join(page.written)


@dataclass(slots=True)
class _Page:
    """Markdown as it is written; `indents` is the stack of open list levels."""

    wrapping: Wrapping
    numbers: bool
    written: list[str] = field(default_factory=list)
    indents: list[int] = field(default_factory=list)
    before: Line | None = None
    kind: str = ""
    running: bool = False

    def add(self, line: Line) -> None:
        entry = None if line.marked else ENTRY.fullmatch(line.raw.rstrip())
        kind = _kind(line, entry)
        self.running = kind == "text" and self._goes_on(line)
        if self.running:
            self.written[-1] = _glue(self.written[-1], line.text)
        else:
            self._start(line, entry, kind)
        self.before = line

    def _goes_on(self, line: Line) -> bool:
        if self.before is None or self.kind not in ("text", "list"):
            return False
        return continues(self.before, line, self.wrapping, running=self.running)

    def _start(self, line: Line, entry: "re.Match[str] | None", kind: str) -> None:
        if kind != "list" or self.kind != "list":
            self.indents.clear()
        words = _entry(entry, self.indents, numbers=self.numbers) if entry else line.raw.strip()
        apart = kind == "heading" or (kind == "text" and (line.gap or self.wrapping.doubled))
        if self.written and (kind != self.kind or apart):
            self.written.append("")
        self.written.append(words)
        self.kind = kind


def _kind(line: Line, entry: "re.Match[str] | None") -> str:
    if entry:
        return "list"
    if line.text.startswith("|"):
        return "table"
    return "heading" if line.mark == "atx" else "text"


def _glue(before: str, after: str) -> str:
    word_split = before.endswith("-") and before[-2:-1].isalpha() and AFTER_SPLIT_WORD.match(after)
    return f"{before}{after}" if word_split else f"{before} {after}"


def _entry(entry: "re.Match[str]", indents: list[int], *, numbers: bool) -> str:
    """One list entry, indented below the levels that are open."""
    marks = entry["marks"].split()
    indent = len(entry["indent"].expandtabs(4)) + (1 if "o" in marks and not entry["indent"] else 0)
    while indents and indents[-1] > indent:
        indents.pop()
    if not indents or indents[-1] < indent:
        indents.append(indent)
    del indents[MAX_DEPTH + 1 :]
    return (
        "  " * (len(indents) - 1) + _marker(marks, entry["rest"], numbers=numbers) + entry["rest"]
    )


def _marker(marks: list[str], rest: str, *, numbers: bool) -> str:
    """The number of the entry or a dash. Further numbers are words and stay."""
    found = [mark for mark in marks if NUMBER.fullmatch(mark)]
    if not found:
        return "- "
    first = f"{found[0][:-1]})" if numbers and not MONTH.match(rest) else found[0]
    return " ".join([first, *found[1:]]) + " "
