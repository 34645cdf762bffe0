"""Three texts and how they differ, word by word (diff-match-patch does the work)."""

import re
from dataclasses import dataclass
from typing import Literal

WORD = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True)
class Piece:
    """A run of text that is the same, inserted or deleted."""

    kind: Literal["same", "ins", "del"]
    text: str


def word_diff(old: str, new: str) -> list[Piece]:
    """How `new` came from `old`, in whole words."""
    from diff_match_patch import diff_match_patch

    engine = diff_match_patch()
    codes: dict[str, str] = {}
    left, right = _encode(old, codes), _encode(new, codes)
    words = {code: word for word, code in codes.items()}
    kinds: dict[int, Literal["same", "ins", "del"]] = {0: "same", 1: "ins", -1: "del"}
    return [
        Piece(kinds[op], "".join(words[char] for char in run))
        for op, run in engine.diff_main(left, right, False)
    ]


def _encode(text: str, codes: dict[str, str]) -> str:
    """One private character per word, so that the engine compares whole words."""
    return "".join(codes.setdefault(word, chr(0xF0000 + len(codes))) for word in WORD.findall(text))


def three_way(base: str, mine: str, theirs: str) -> tuple[str, bool]:
    """Propose a text with both changes.

    Returns the proposal and whether the two changes touch different words. When they touch the
    same words the proposal holds both, one after the other, so that nothing is lost.
    """
    mine_edits, theirs_edits = _edits(base, mine), _edits(base, theirs)
    result: list[str] = []
    clean, place = True, 0
    words = WORD.findall(base)
    edits = sorted({*mine_edits, *theirs_edits}, key=lambda e: (e[0], e[1]))
    index = 0
    while index < len(edits):
        start, end, new = edits[index]
        group = [edits[index]]
        while index + 1 < len(edits) and _touch(edits[index + 1], start, end):
            index += 1
            group.append(edits[index])
            end = max(end, edits[index][1])
        result += words[place:start]
        if len(group) > 1:
            clean = False
            texts = [
                _apply(words, start, end, [e for e in side if e in group])
                for side in (mine_edits, theirs_edits)
            ]
            result.append(" ".join(dict.fromkeys(t.strip() for t in texts if t.strip())))
        else:
            result.append(new)
        place, index = end, index + 1
    result += words[place:]
    return "".join(result), clean


Edit = tuple[int, int, str]


def _touch(edit: Edit, start: int, end: int) -> bool:
    """Do the edits overlap? Two insertions at the same place do."""
    return edit[0] < end or (edit[0] == end == start) or (edit[0] == start)


def _edits(base: str, new: str) -> list[Edit]:
    """What turns `base` into `new`: (first word, word after the last, new words)."""
    edits: list[Edit] = []
    place = 0
    open_edit: list[tuple[int, int, str]] = []
    for piece in word_diff(base, new):
        count = len(WORD.findall(piece.text))
        if piece.kind == "same":
            edits += open_edit
            open_edit = []
            place += count
        else:
            start, end, text = open_edit[0] if open_edit else (place, place, "")
            if piece.kind == "del":
                place += count
                end = place
            else:
                text += piece.text
            open_edit = [(start, end, text)]
    return edits + open_edit


def _apply(words: list[str], start: int, end: int, edits: list[Edit]) -> str:
    """The words from `start` to `end` after one side's edits."""
    result: list[str] = []
    place = start
    for first, last, new in edits:
        result += words[place:first]
        result.append(new)
        place = last
    return "".join(result + words[place:end])
