"""Three texts and how they differ."""

from collections.abc import Iterator

from core.diffs import WORD, word_diff

# First word, the word after the last, and the words that stand there instead.
Edit = tuple[int, int, str]


def three_way(base: str, mine: str, theirs: str) -> tuple[str, bool]:
    """Propose a text with both changes.

    Returns the proposal and whether the two changes keep clear of each other. Where they do not,
    the proposal holds both, one after the other, so that no word of either is lost.
    """
    words = WORD.findall(base)
    sides = _edits(base, mine), _edits(base, theirs)
    result: list[str] = []
    clean, place = True, 0
    for start, end, group in _groups(sorted({*sides[0], *sides[1]})):
        result += words[place:start]
        if len(group) == 1:
            result.append(group[0][2])
        else:
            clean = False
            own = [[edit for edit in side if edit in group] for side in sides]
            result.append(_both(*(_apply(words, start, end, edits) for edits in own)))
        place = end
    return "".join(result + words[place:]), clean


def _groups(edits: list[Edit]) -> Iterator[tuple[int, int, list[Edit]]]:
    """Edits that overlap or stand side by side, with the stretch of words they cover.

    Side by side counts as meeting: two words written from both sides of the same place would
    otherwise become one.
    """
    group: list[Edit] = []
    end = 0
    for edit in edits:
        if group and edit[0] > end:
            yield group[0][0], end, group
            group, end = [], 0
        group.append(edit)
        end = max(end, edit[1])
    if group:
        yield group[0][0], end, group


def _both(mine: str, theirs: str) -> str:
    """One after the other, with room between; once when they are the same."""
    if not mine.strip() or not theirs.strip() or mine == theirs:
        return mine if mine.strip() else theirs
    if mine[-1].isspace() or theirs[0].isspace():
        return mine + theirs
    return mine + ("\n\n" if "\n" in mine + theirs else " ") + theirs


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
