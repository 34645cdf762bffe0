"""Private notes: write, change, remove.

The only services without a row in the protocol, without outbox and without audit: that
somebody wrote a note, and when, is theirs alone (ADR 0021).
"""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.drafts import discard_draft
from core.text import clean_text
from core.verdicts import Refused, StaleState
from meetings import policies
from meetings.anchoring import Quote, find_pasted, quote_at, squeeze
from meetings.models import AgendaItem, PrivateNote
from meetings.models.notes import LONGEST_QUOTE
from meetings.selectors.notes import Passage

LONGEST_NOTE = 20_000


@dataclass(frozen=True)
class SavedNote:
    """The note, and whether another window's text was kept beside it."""

    note: PrivateNote
    kept_both: bool = False


def draft_name(item: AgendaItem) -> str:
    """The name under which an unsaved note is kept (see `core.drafts`)."""
    return f"note:{item.pk}"


@transaction.atomic
def write_note(
    *,
    item: AgendaItem,
    by: Any,
    text: str,
    quote: Quote | None = None,
    section: str = "",
    within: dict[str, Passage] | None = None,
    version: int = 0,
) -> PrivateNote:
    """A new note, a highlight, or both. `within` is what the writer reads; quotes are from it."""
    policies.can_keep_notes(by, item.meeting).require()
    text = _checked(text)
    anchor = _anchor(quote, section, within or {}) if quote and quote.exact.strip() else {}
    if not text and not anchor:
        raise Refused(_("Write a note, or quote a passage."), "text")
    note = PrivateNote.objects.create(
        owner=by, item=item, text=text, quoted_from=version if anchor else 0, **anchor
    )
    discard_draft(owner=by, form=draft_name(item))
    return note


def _checked(text: str) -> str:
    text = clean_text(text)
    if len(text) > LONGEST_NOTE:
        raise Refused(_("The note is too long. Share it between several notes."), "text")
    return text


def _anchor(quote: Quote, section: str, within: dict[str, Passage]) -> dict[str, str]:
    """Where the quotation stands, told by the text itself and not by what was sent."""
    wanted = Quote(squeeze(quote.exact), _squeezed(quote.prefix), _squeezed(quote.suffix))
    if len(wanted.exact) > LONGEST_QUOTE:
        raise Refused(_("The quotation is too long. Choose a shorter passage."), "quote")
    for key in sorted(within, key=lambda key: key != section):
        place = find_pasted(wanted, within[key].plain)
        if place:
            here = quote_at(within[key].plain, place)
            facts = {"quote": here.exact, "prefix": here.prefix, "suffix": here.suffix}
            return facts | {"section": key}
    raise Refused(
        _("We cannot find these words in the text. Copy them exactly as they stand."), "quote"
    )


def _squeezed(text: str) -> str:
    """With the one space at either end that tells words apart."""
    core = squeeze(text)
    before = " " if text[:1].isspace() else ""
    return f"{before}{core}{' ' if text[-1:].isspace() else ''}" if core else before


@transaction.atomic
def change_note(*, item: AgendaItem, note_id: int, text: str, version: int, by: Any) -> SavedNote:
    """Rewrite one's note. What another window wrote meanwhile is kept, and so is this."""
    policies.can_keep_notes(by, item.meeting).require()
    text = _checked(text)
    own = PrivateNote.objects.select_for_update().filter(owner=by, item=item)
    note = own.filter(pk=note_id).first()
    if note is None:
        # Removed in another window while this was being written.
        return SavedNote(write_note(item=item, by=by, text=text), kept_both=False)
    if note.text == text:
        return SavedNote(note)
    if note.version != version:
        return SavedNote(_beside(note, text), kept_both=True)
    if not text and not note.quote:
        raise Refused(_("Write something, or remove the note."), "text")
    note.text, note.version = text, note.version + 1
    note.save()
    return SavedNote(note)


def _beside(note: PrivateNote, text: str) -> PrivateNote:
    """The same highlight with the other text, unless it is empty."""
    if not text:
        return note
    anchor = ("section", "quote", "prefix", "suffix", "quoted_from")
    facts = {name: getattr(note, name) for name in anchor}
    return PrivateNote.objects.create(owner=note.owner, item=note.item, text=text, **facts)


@transaction.atomic
def remove_note(*, note: PrivateNote, version: int, by: Any) -> None:
    """Remove one's note for good. It is nobody's record."""
    row = PrivateNote.objects.select_for_update().filter(owner=by, pk=note.pk).first()
    if row is None:
        return
    if row.version != version:
        raise StaleState(_("The note was changed in another window. Read it before you remove it."))
    row.delete()
