"""How one text came from another, word by word (diff-match-patch does the work)."""

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
