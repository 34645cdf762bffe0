"""A person's own notes: on one item, and of a meeting in the order of its agenda."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core.text import render_prose
from meetings import policies
from meetings.anchoring import Place, Quote, find
from meetings.enums import DECISION, PUBLIC_DECISION, Access, ChangeKind
from meetings.marking import mark_places, plain_text
from meetings.models import AgendaItem, Meeting, PrivateNote
from meetings.selectors.reading import Reading

Shown = dict[str, Any]


@dataclass(frozen=True)
class Passage:
    """A text of an item that can be quoted: its heading, its HTML and its words."""

    heading: str
    html: str
    plain: str


@dataclass(frozen=True)
class NoteRow:
    """A note as its owner sees it today.

    `state` is "" (no highlight), "found", "changed" (found in other words), "loose" or "hidden".
    """

    note: PrivateNote
    state: str = ""
    section: str = ""
    heading: str = ""
    passage: str = ""
    quoted: str = ""
    place: Place | None = None


@dataclass(frozen=True)
class ItemNotes:
    """The notes of one item, under the heading that this reader may see."""

    number: int | None
    title: str
    item_id: int | None
    rows: list[NoteRow]


def notes_of(user: Any, meeting: Meeting) -> list[PrivateNote]:
    """Nobody's notes but one's own; whom one looks through ("Vis som") does not count."""
    if not getattr(user, "pk", None):
        return []
    return list(PrivateNote.objects.filter(owner=user.pk, item__meeting=meeting))


def notes_on(user: Any, item: AgendaItem) -> list[PrivateNote]:
    return list(PrivateNote.objects.filter(owner=user.pk, item=item)) if user.pk else []


def passages(shown: Shown) -> dict[str, Passage]:
    """The texts of an item, as this reader reads it, by the name of their section."""
    found = {row["key"]: (row["heading"], row["text"]) for row in shown["sections"] if row["text"]}
    if shown["decision"]:
        found[DECISION] = (shown["decision"]["heading"], shown["decision"]["text"])
    if shown["access"] == Access.CLOSED:
        found[PUBLIC_DECISION] = (_("Decision, public text"), shown["public_decision"])
    return {key: _passage(*pair) for key, pair in found.items()}


def _passage(heading: str, text: str) -> Passage:
    html = render_prose(text)
    return Passage(heading, html, plain_text(html))


def sees_old_quotes(user: Any, meeting: Meeting, item_id: int, shown: Shown | None) -> bool:
    """May words that the text no longer has be shown to who once read them?

    Not when the item is closed to them now, taken off, or theirs to keep away from: what
    they quoted may have been closed. Their own words stay.
    """
    if shown is None or shown.get("redacted") or shown["change"] == ChangeKind.REMOVED:
        return False
    if policies.is_disqualified(user, item_id):
        return False
    return policies.is_insider(user, meeting)


def place_notes(
    notes: Iterable[PrivateNote], found: dict[str, Passage], *, old_quotes: bool
) -> list[NoteRow]:
    """Each note with where its highlight stands in what is read now."""
    return [_placed(note, found, old_quotes) for note in notes]


def _placed(note: PrivateNote, found: dict[str, Passage], old_quotes: bool) -> NoteRow:
    if not note.quote:
        return NoteRow(note)
    quote = Quote(note.quote, note.prefix, note.suffix)
    # Its own section first: a text may have been moved to another one.
    for key in sorted(found, key=lambda key: key != note.section):
        place = find(quote, found[key].plain)
        if place:
            return _in_place(note, key, found[key], place, old_quotes)
    return NoteRow(note, "loose", quoted=note.quote) if old_quotes else NoteRow(note, "hidden")


def _in_place(
    note: PrivateNote, key: str, passage: Passage, place: Place, old_quotes: bool
) -> NoteRow:
    words = passage.plain[place.start : place.end]
    if place.exact:
        return NoteRow(note, "found", key, passage.heading, words, place=place)
    old = note.quote if old_quotes else ""
    return NoteRow(note, "changed", key, passage.heading, words, old, place)


def item_notes(user: Any, item: AgendaItem, shown: Shown) -> tuple[list[NoteRow], Shown]:
    """One's notes on an item, and the item with the highlights marked in its texts."""
    found = passages(shown)
    old_quotes = sees_old_quotes(user, item.meeting, item.pk, shown)
    rows = place_notes(notes_on(user, item), found, old_quotes=old_quotes)
    places: dict[str, list[Place]] = {}
    for row in rows:
        if row.place:
            places.setdefault(row.section, []).append(row.place)
    marked = {key: mark_places(found[key].html, here) for key, here in places.items()}
    return rows, _with_marks(shown, marked)


def _with_marks(shown: Shown, marked: dict[str, Any]) -> Shown:
    sections = [row | {"marked": marked.get(row["key"])} for row in shown["sections"]]
    decision = shown["decision"] and shown["decision"] | {"marked": marked.get(DECISION)}
    return shown | {
        "sections": sections,
        "decision": decision,
        "public_decision_marked": marked.get(PUBLIC_DECISION),
    }


def meeting_notes(user: Any, meeting: Meeting, read: Reading | None) -> list[ItemNotes]:
    """One's notes in the order of the agenda; those on what is not on it any more come last."""
    by_item: dict[int, list[PrivateNote]] = {}
    for note in notes_of(user, meeting):
        by_item.setdefault(note.item_id, []).append(note)
    groups = []
    for shown in read.items if read else []:
        notes = by_item.get(shown["id"])
        if notes and shown["change"] != ChangeKind.REMOVED:
            groups.append(_group(user, meeting, shown, notes))
            del by_item[shown["id"]]
    return groups + [_gone(notes) for _item_id, notes in sorted(by_item.items())]


def _group(user: Any, meeting: Meeting, shown: Shown, notes: list[PrivateNote]) -> ItemNotes:
    old_quotes = sees_old_quotes(user, meeting, shown["id"], shown)
    rows = place_notes(notes, passages(shown), old_quotes=old_quotes)
    return ItemNotes(shown["number"], shown["title"] or shown["public_title"], shown["id"], rows)


def _gone(notes: list[PrivateNote]) -> ItemNotes:
    rows = place_notes(notes, {}, old_quotes=False)
    return ItemNotes(None, _("An item that is not on the agenda any more"), None, rows)
