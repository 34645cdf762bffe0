"""Build the agenda: add, change, move and take off items."""

from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.verdicts import Refused, StaleState
from meetings import policies
from meetings.enums import Access
from meetings.models import AgendaItem, Meeting, VoteRound
from meetings.workflow import heading_says_nothing

HEAD_FIELDS = frozenset(
    {
        "kind",
        "title",
        "public_title",
        "access",
        "closing_ground",
        "closing_reason",
        "case_id",
        "presenter",
        "minutes",
    }
)


@transaction.atomic
def add_item(*, meeting: Meeting, by: Any, **fields: Any) -> AgendaItem:
    """Put an item last on the agenda. Raises `Refused` for a closed one without its reasons."""
    policies.can_edit_agenda(by, meeting).require()
    check_head(fields)
    item = AgendaItem.objects.create(meeting=meeting, position=next_place(meeting), **fields)
    audit.record("meetings.add_item", item, by=by, scope=meeting, data=_facts(item))
    return item


def next_place(meeting: Meeting) -> int:
    """The place after the last; whoever asks holds the agenda until they have taken it."""
    lock_agenda(meeting)
    last = meeting.items.on_agenda().aggregate(last=Max("position"))["last"]
    return int(last or 0) + 1


def lock_agenda(meeting: Meeting) -> None:
    """One writer of the order at a time (SQLite already has one writer)."""
    Meeting.objects.select_for_update().filter(pk=meeting.pk).first()


def check_head(fields: dict[str, Any]) -> None:
    """Refuse an item without heading, or closed without ground, reason and public heading."""
    if not str(fields.get("title", "")).strip():
        raise Refused(_("Write a heading for the item."), "title")
    if fields.get("access") != Access.CLOSED:
        return
    if not str(fields.get("closing_ground", "")).strip():
        raise Refused(_("Choose the legal ground for closing the item."), "closing_ground")
    if not str(fields.get("closing_reason", "")).strip():
        raise Refused(_("Write why this item must be closed."), "closing_reason")
    if heading_says_nothing(str(fields.get("public_title", ""))):
        raise Refused(_("Write a public heading that says what the item is about."), "public_title")


def _facts(item: AgendaItem) -> dict[str, Any]:
    return {"number": item.position, "kind": item.kind, "access": item.access}


@transaction.atomic
def change_item(*, item: AgendaItem, by: Any, version: int, **fields: Any) -> AgendaItem:
    """Change an item's head. Raises `StaleState` when `version` is no longer the newest.

    Closing an item closes its files; those that may stay open are opened one by one.
    """
    policies.can_write_item(by, item).require()
    merged = {name: getattr(item, name) for name in HEAD_FIELDS} | fields
    check_head(merged)
    if merged["access"] == Access.OPEN:
        fields |= {"closing_ground": "", "closing_reason": "", "public_title": ""}
    changed = AgendaItem.objects.filter(
        pk=item.pk, version=version, removed_at__isnull=True
    ).update(version=F("version") + 1, changed_at=timezone.now(), **fields)
    if not changed:
        raise StaleState(
            _("Somebody else changed the item while you were writing. Nothing was changed.")
        )
    old_access = item.access
    item.refresh_from_db()
    facts = _facts(item) | {"fields": sorted(fields)}
    if old_access != item.access:
        facts["access_was"] = old_access
        if item.is_closed:
            item.attachments.update(access=Access.CLOSED)
    audit.record("meetings.change_item", item, by=by, scope=item.meeting, data=facts)
    return item


@transaction.atomic
def move_item(*, item: AgendaItem, to: int, by: Any) -> int:
    """Put the item on place `to` (1 is first) and return its new place.

    Raises `StaleState` when the item was taken off meanwhile.
    """
    policies.can_edit_agenda(by, item.meeting).require()
    lock_agenda(item.meeting)
    order = list(item.meeting.items.on_agenda().values_list("pk", flat=True))
    if item.pk not in order:
        raise StaleState(_("The item has been taken off the agenda. Nothing was changed."))
    start = order.index(item.pk)
    order.insert(max(0, min(to - 1, len(order) - 1)), order.pop(start))
    place = order.index(item.pk) + 1
    if place != start + 1:
        _write_order(item.meeting, order)
        audit.record(
            "meetings.move_item",
            item,
            by=by,
            scope=item.meeting,
            data={"from": start + 1, "to": place},
        )
    return place


@transaction.atomic
def order_items(*, meeting: Meeting, order: list[int], by: Any) -> None:
    """Set the whole order, as after a drag.

    Raises `StaleState` unless `order` names exactly the items that are on the agenda.
    """
    policies.can_edit_agenda(by, meeting).require()
    lock_agenda(meeting)
    current = list(meeting.items.on_agenda().values_list("pk", flat=True))
    if sorted(order) != sorted(current):
        raise StaleState(_("The agenda was changed by somebody else. Here it is as it stands now."))
    if order != current:
        _write_order(meeting, order)
        audit.record("meetings.order_items", meeting, by=by, scope=meeting, data={"order": order})


def _write_order(meeting: Meeting, order: list[int]) -> None:
    """Two steps, because two items may not share a place even for a moment."""
    items = meeting.items.on_agenda()
    items.update(position=-F("position"))
    for place, pk in enumerate(order, start=1):
        AgendaItem.objects.filter(pk=pk).update(position=place)


@transaction.atomic
def remove_item(*, item: AgendaItem, by: Any) -> None:
    """Take an item off the agenda. Its row, texts and files stay in the record."""
    policies.can_edit_agenda(by, item.meeting).require()
    lock_agenda(item.meeting)
    if VoteRound.objects.on_item(item).open().exists():
        raise StaleState(_("A vote is open. Close it first."))
    gone = AgendaItem.objects.filter(pk=item.pk, removed_at__isnull=True).update(
        removed_at=timezone.now(), released=False
    )
    if not gone:
        raise StaleState(_("The item has already been taken off the agenda."))
    rest = list(item.meeting.items.on_agenda().values_list("pk", flat=True))
    _write_order(item.meeting, rest)
    audit.record("meetings.remove_item", item, by=by, scope=item.meeting, data=_facts(item))
    item.refresh_from_db()
