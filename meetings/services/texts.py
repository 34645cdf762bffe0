"""Save long texts: every saved state is a revision, and nobody overwrites anybody."""

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.merging import three_way
from core.text import clean_text
from core.verdicts import Refused
from meetings import policies
from meetings.enums import DECISION, PUBLIC_DECISION
from meetings.models import AgendaItem, ItemText, ItemTextRevision


@dataclass(frozen=True)
class Conflict:
    """Two people changed the same text: what it was, mine, theirs, and a proposed merge."""

    key: str
    base: str
    base_version: int
    mine: str
    theirs: str
    theirs_version: int
    theirs_by: str
    theirs_at: Any
    merged: str
    clean: bool


@dataclass
class Saved:
    """What a save did: the keys that were written and the conflicts that were not."""

    keys: list[str] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)


@transaction.atomic
def save_texts(
    *, item: AgendaItem, texts: dict[str, str], versions: dict[str, int], by: Any
) -> Saved:
    """Save the texts that changed since `versions`; those changed by others become conflicts.

    Nothing is written for a conflicting text. Raises `Refused` for an unknown section.
    """
    _require_rights(item, texts, by)
    saved = Saved()
    for key, raw in texts.items():
        mine = clean_text(raw)
        # Two may write the first words of a section at the same time.
        row, _created = ItemText.objects.select_for_update().get_or_create(item=item, key=key)
        base_version = versions.get(key, 0)
        if mine == row.text:
            continue
        base = revision_text(row, base_version)
        if base_version == row.version:
            write_text(row, mine, by)
            saved.keys.append(key)
        elif mine != base:
            saved.conflicts.append(_conflict(row, base, base_version, mine))
    if saved.keys:
        audit.record(
            "meetings.save_texts",
            item,
            by=by,
            scope=item.meeting,
            data={"sections": sorted(saved.keys)},
        )
    return saved


def _require_rights(item: AgendaItem, texts: dict[str, str], by: Any) -> None:
    allowed = set(item.meeting.template.text_keys)
    if unknown := set(texts) - allowed:
        raise Refused(_("The template has no section called “%(key)s”.") % {"key": min(unknown)})
    decisions = {DECISION, PUBLIC_DECISION}
    if set(texts) - decisions:
        policies.can_write_item(by, item).require()
    if set(texts) & decisions:
        policies.can_record_decision(by, item).require()


def revision_text(row: ItemText, number: int) -> str:
    """The text as it was in revision `number`; version 0 is the empty beginning."""
    if number == row.version:
        return row.text
    revision = ItemTextRevision.objects.filter(item_text=row, number=number).first()
    return revision.text if revision else ""


def write_text(row: ItemText, text: str, by: Any, *, heading: str | None = None) -> None:
    """Make `text` the newest revision of `row`."""
    row.version += 1
    row.text, row.saved_at, row.saved_by = text, timezone.now(), by
    if heading is not None:
        row.heading = heading
    row.save()
    ItemTextRevision.objects.create(
        item_text=row, number=row.version, text=text, saved_at=row.saved_at, saved_by=by
    )


def _conflict(row: ItemText, base: str, base_version: int, mine: str) -> Conflict:
    merged, clean = three_way(base, mine, row.text)
    return Conflict(
        key=row.key,
        base=base,
        base_version=base_version,
        mine=mine,
        theirs=row.text,
        theirs_version=row.version,
        theirs_by=str(row.saved_by or ""),
        theirs_at=row.saved_at,
        merged=merged,
        clean=clean,
    )
