"""The change list says exactly what was done to the agenda, and nothing else."""

from copy import deepcopy
from itertools import combinations
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from meetings.changes import compute_changes, mark_changes
from tests.meetings.samples import attachment, item, section, snapshot


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def agenda(*numbers: int) -> dict[str, Any]:
    items = [item(n, f"Punkt {n}", sections=[section("s", "Resumé", "Tekst")]) for n in numbers]
    return renumber(snapshot(items, kind="agenda"))


def renumber(source: dict[str, Any]) -> dict[str, Any]:
    for number, entry in enumerate(source["items"], start=1):
        entry["number"] = number
    return source


def kinds(old: dict[str, Any], new: dict[str, Any]) -> dict[int, str]:
    return {change["item"]: change["kind"] for change in compute_changes(old, new)}


def what(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    (change,) = compute_changes(agenda_of(old), agenda_of(new))
    return change["what"]


def agenda_of(entry: dict[str, Any]) -> dict[str, Any]:
    return snapshot([entry], kind="agenda")


@given(st.integers(0, 8))
def test_same_agenda_has_no_changes(count: int) -> None:
    assert compute_changes(agenda(*range(count)), agenda(*range(count))) == []


EDITS = {
    "title": "En anden overskrift",
    "kind": "briefing",
    "case_id": "EMN-2026-99999",
    "presenter": "Ny oplægsholder",
    "minutes": 45,
}


@given(st.data())
def test_random_edits_give_exactly_their_kinds(data: st.DataObject) -> None:
    old = agenda(*range(1, 9))
    new = deepcopy(old)
    ids = [entry["id"] for entry in old["items"]]
    fate = {pk: data.draw(st.sampled_from(["same", "edit", "remove", "move"])) for pk in ids}
    for entry in new["items"]:
        if fate[entry["id"]] == "edit":
            field = data.draw(st.sampled_from(sorted(EDITS)))
            entry[field] = EDITS[field]
    moving = [pk for pk in ids if fate[pk] == "move"][:1]
    new["items"] = [e for e in new["items"] if fate[e["id"]] != "remove"]
    for pk in moving:
        entry = next(e for e in new["items"] if e["id"] == pk)
        rest = [e for e in new["items"] if e["id"] != pk]
        # Two places away at least, because of two that swap either may be the one that moved.
        place = new["items"].index(entry)
        target = (place + 2 + data.draw(st.integers(0, 3))) if place + 2 <= len(rest) else place
        rest.insert(target, entry)
        new["items"] = rest
        fate[pk] = "move" if rest.index(entry) != place else "same"
    for number in range(data.draw(st.integers(0, 2))):
        place = data.draw(st.integers(0, len(new["items"])))
        new["items"].insert(place, item(50 + number, f"Nyt {number}"))
    renumber(new)

    expected = {pk: {"edit": "changed", "remove": "removed"}[f] for pk, f in fate.items()
                if f in {"edit", "remove"}}  # fmt: skip
    expected |= {pk: "moved" for pk in moving if fate[pk] == "move"}
    expected |= {e["id"]: "new" for e in new["items"] if e["id"] > 140}

    assert kinds(old, new) == expected


@given(st.permutations(range(6)))
def test_fewest_moves_explain_the_new_order(order: list[int]) -> None:
    def stays(places: tuple[int, ...]) -> bool:
        return list(places) == sorted(places)

    longest = max(n for n in range(7) for some in combinations(order, n) if stays(some))

    moved = kinds(agenda(*range(6)), agenda(*order))

    assert set(moved.values()) <= {"moved"}
    assert len(moved) == 6 - longest
    rest = [n for n in order if 100 + n not in moved]
    assert rest == sorted(rest)


def test_change_says_more_than_a_move() -> None:
    old, new = agenda(1, 2, 3), agenda(3, 1, 2)
    new["items"][0]["title"] = "Ny"

    assert kinds(old, new) == {103: "changed"}


def test_removed_items_come_last_with_their_old_number() -> None:
    changes = compute_changes(agenda(1, 2, 3), agenda(3, 4))

    assert [(c["kind"], c["item"], c["number"]) for c in changes] == [
        ("new", 104, 2),
        ("removed", 101, 1),
        ("removed", 102, 2),
    ]


@pytest.mark.parametrize("field", sorted(EDITS))
def test_each_field_of_the_head_is_compared(field: str) -> None:
    assert len(what(item(1, "A"), item(1, "A") | {field: EDITS[field]})) == 1


CLOSED = {"access": "closed", "public_title": "Åben", "closing": {"ground": "§ 30", "reason": "x"}}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ({}, CLOSED, ["now closed", "public heading changed"]),
        (CLOSED, {}, ["now open"]),
        (CLOSED, CLOSED | {"public_title": "B"}, ["public heading changed"]),
        (CLOSED, CLOSED | {"closing": {"ground": "§ 31", "reason": "x"}},
         ["ground for closing changed"]),
        ({}, {"sections": [section("s", "Resumé", "Ny")]}, ["Resumé changed"]),
        ({}, {"attachments": [attachment(1, "1.1", "A")]}, ["new attachment 1.1"]),
        ({"attachments": [attachment(1, "1.1", "A")]}, {}, ["attachment 1.1 removed"]),
        ({"attachments": [attachment(1, "1.1", "A")]},
         {"attachments": [attachment(1, "1.1", "B")]}, ["attachment 1.1 changed"]),
        ({"attachments": [attachment(1, "1.1", "A")]},
         {"attachments": [attachment(1, "1.1", "A", access="closed")]}, ["attachment 1.1 changed"]),
    ],
)  # fmt: skip
def test_words_of_a_change(old: dict, new: dict, words: list[str]) -> None:
    assert what(item(1, "Å") | old, item(1, "Å") | new) == words


def test_words_quote_nothing_internal() -> None:
    old = item(1, "HEMMELIG", **CLOSED, sections=[section("s", "Resumé", "HEMMELIG")])
    new = deepcopy(old) | {
        "title": "HEMMELIGERE",
        "attachments": [attachment(1, "1.1", "HEMMELIG")],
    }

    assert "HEMMELIG" not in "".join(what(old, new))


def test_attachment_that_only_gets_another_number_is_no_change() -> None:
    old, new = agenda(1, 2), agenda(2, 1)
    for source in (old, new):
        for entry in source["items"]:
            entry["attachments"] = [attachment(entry["id"], f"{entry['number']}.1", "A")]

    assert set(kinds(old, new).values()) == {"moved"}


def test_marks_stand_on_their_items() -> None:
    new = agenda(2, 1, 3)
    mark_changes(new, compute_changes(agenda(1, 2), new))

    marks = {entry["id"]: entry["change"] for entry in new["items"]}
    assert marks[103] == "new"
    assert sorted([marks[101], marks[102]]) == ["", "moved"]
