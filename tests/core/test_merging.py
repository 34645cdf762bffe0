"""Two people's changes of one text: nothing of either is lost."""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.diffs import WORD, Piece, word_diff
from core.merging import three_way

TEXT = st.lists(
    st.sampled_from(
        ["Udvalget", "drøfter", "ikke", "a", "b", ".", ",", " ", " ", "\n\n", "1)", "Å"]
    ),
    max_size=14,
).map("".join)  # fmt: skip
FRESH = st.text(alphabet="xyzø", min_size=1, max_size=4)


def words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text))


def inserted(base: str, new: str) -> set[str]:
    return {w for piece in word_diff(base, new) if piece.kind == "ins" for w in words(piece.text)}


@given(TEXT, TEXT)
def test_word_diff_spells_both_texts(old: str, new: str) -> None:
    pieces = word_diff(old, new)

    assert "".join(p.text for p in pieces if p.kind != "ins") == old
    assert "".join(p.text for p in pieces if p.kind != "del") == new


def test_word_diff_is_by_word() -> None:
    assert word_diff("godkender planen", "godkendte planen") == [
        Piece("del", "godkender"),
        Piece("ins", "godkendte"),
        Piece("same", " planen"),
    ]


@given(TEXT, TEXT)
def test_only_my_change_is_my_text(base: str, mine: str) -> None:
    assert three_way(base, mine, base) == (mine, True)


@given(TEXT, TEXT)
def test_only_their_change_is_their_text(base: str, theirs: str) -> None:
    assert three_way(base, base, theirs) == (theirs, True)


@given(TEXT, TEXT)
def test_same_change_twice_is_that_change(base: str, new: str) -> None:
    assert three_way(base, new, new) == (new, True)


@given(TEXT, TEXT, TEXT)
def test_no_inserted_word_is_lost(base: str, mine: str, theirs: str) -> None:
    merged, _clean = three_way(base, mine, theirs)

    assert inserted(base, mine) | inserted(base, theirs) <= words(merged)


@given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=20))
def test_no_inserted_word_is_lost_whatever_is_typed(base: str, mine: str, theirs: str) -> None:
    merged, _clean = three_way(base, mine, theirs)

    assert inserted(base, mine) | inserted(base, theirs) <= words(merged)


@given(TEXT, TEXT, TEXT)
def test_order_of_the_two_does_not_decide_what_is_clean(base: str, mine: str, theirs: str) -> None:
    one, other = three_way(base, mine, theirs), three_way(base, theirs, mine)

    assert one[1] == other[1]
    assert not one[1] or one[0] == other[0]
    assert words(one[0]) == words(other[0])


@given(st.lists(FRESH, min_size=6, max_size=12, unique=True), st.data())
def test_changes_in_different_words_are_clean(base: list[str], data: st.DataObject) -> None:
    first, second = data.draw(
        st.lists(st.integers(0, len(base) - 1), min_size=2, max_size=2, unique=True)
    )
    mine, theirs, both = list(base), list(base), list(base)
    mine[first] = both[first] = "MIN"
    theirs[second] = both[second] = "DERES"

    merged = three_way(" ".join(base), " ".join(mine), " ".join(theirs))

    assert merged == (" ".join(both), True)


@given(st.lists(FRESH, min_size=3, max_size=8, unique=True), st.data())
def test_change_of_the_same_word_keeps_both(base: list[str], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(base) - 1))
    before, after = " ".join(base[:place]), " ".join(base[place + 1 :])

    merged, clean = three_way(
        " ".join(base),
        f"{before} MIN {after}".strip(),
        f"{before} DERES {after}".strip(),
    )

    assert clean is False
    assert merged == f"{before} MIN DERES {after}".strip()


@given(TEXT, FRESH, FRESH, st.data())
def test_two_insertions_at_one_place_stay_two_words(
    base: str, mine: str, theirs: str, data: st.DataObject
) -> None:
    assume(mine != theirs)
    tokens = WORD.findall(base)
    place = data.draw(st.integers(0, len(tokens)))
    before, after = "".join(tokens[:place]), "".join(tokens[place:])

    merged, clean = three_way(base, f"{before} {mine} {after}", f"{before} {theirs} {after}")

    assert {mine, theirs} <= words(merged)
    assert clean is False


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "merged"),
    [
        ("hej\nverden", "hej\nX verden", "hej\nY verden", "hej\nX Y verden"),
        ("a b c", "a c", "a B c", "a B c"),
        ("", "Mit", "Deres", "Mit Deres"),
        ("", "Mit\nto", "Deres", "Mit\nto\n\nDeres"),
    ],
)
def test_conflicts_read_well(base: str, mine: str, theirs: str, merged: str) -> None:
    assert three_way(base, mine, theirs) == (merged, False)


def test_more_words_than_a_byte_can_tell_apart() -> None:
    base = " ".join(f"ord{n}" for n in range(3000))

    assert three_way(base, base + " mit", "deres " + base) == (f"deres {base} mit", True)
