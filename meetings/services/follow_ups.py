"""Follow-ups: add, change, report on, finish and drop. Every word stays in the history."""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from committee.models import Committee
from core import audit
from core.templatetags.ur import full_date
from core.text import clean_text
from core.verdicts import Refused, StaleState
from meetings import policies
from meetings.enums import FollowUpNoteKind, FollowUpState
from meetings.models import AgendaItem, FollowUp, FollowUpNote
from meetings.selectors.follow_ups import possible_owners
from meetings.workflow import FOLLOW_UP

LONGEST = 2000
LONGEST_REASON = 500


@transaction.atomic
def create_follow_up(
    *, item: AgendaItem, text: str, due_on: date, by: Any, owner: Any = None, owner_unit: str = ""
) -> FollowUp:
    """Give somebody something to do after an item.

    Raises `Refused` without text or with none or two owners, or one who may not read the item.
    """
    policies.can_add_follow_up(by, item).require()
    if item.removed_at:
        raise StaleState(_("The item has been taken off the agenda. Nothing was changed."))
    row = FollowUp.objects.create(
        item=item,
        text=_checked_text(text),
        due_on=due_on,
        created_by=by,
        **_checked_owner(item, owner, owner_unit),
    )
    _record("add_follow_up", row, by)
    return row


def _checked_text(text: str) -> str:
    text = clean_text(text)
    if not text:
        raise Refused(_("Write what is to be done."), "text")
    if len(text) > LONGEST:
        raise Refused(_("Write at most %(n)s characters.") % {"n": LONGEST}, "text")
    return text


def _checked_owner(item: AgendaItem, owner: Any, unit: str) -> dict[str, Any]:
    unit = unit.strip()[:150]
    if bool(owner) == bool(unit):
        raise Refused(_("Choose a person or write a unit, not both."), "owner")
    if owner and not possible_owners(item).filter(pk=owner.pk).exists():
        raise Refused(
            _("The owner must belong to the committee and be one who reads the item."), "owner"
        )
    return {"owner": owner or None, "owner_unit": unit}


def _record(act: str, row: FollowUp, by: Any, **data: Any) -> None:
    facts = {"item": row.item_id, "owner": row.owner_id, "due_on": row.due_on.isoformat(), **data}
    audit.record(f"meetings.{act}", row, by=by, scope=row.item.meeting, data=facts)


@transaction.atomic
def change_follow_up(
    *,
    follow_up: FollowUp,
    version: int,
    text: str,
    due_on: date,
    by: Any,
    owner: Any = None,
    owner_unit: str = "",
) -> FollowUp:
    """Change what, who or when; what it said before goes into the history.

    Raises `StaleState` when `version` is no longer the newest.
    """
    policies.can_manage_follow_up(by, follow_up).require()
    fields = {"text": _checked_text(text), "due_on": due_on}
    if (owner, owner_unit.strip()) != (follow_up.owner, follow_up.owner_unit):
        fields |= _checked_owner(follow_up.item, owner, owner_unit)
    changed = FollowUp.objects.filter(
        pk=follow_up.pk, version=version, state=FollowUpState.OPEN
    ).update(version=F("version") + 1, **fields)
    if not changed:
        raise StaleState(
            _("Somebody else changed the follow-up while you were writing. Nothing was changed.")
        )
    _note(follow_up, FollowUpNoteKind.CHANGED, _as_it_was(follow_up), by)
    follow_up.refresh_from_db()
    _record("change_follow_up", follow_up, by)
    return follow_up


def _as_it_was(row: FollowUp) -> str:
    with translation.override("da"):
        return f"{row.text}\n({row.owner_name}, {full_date(row.due_on)})"


def _note(row: FollowUp, kind: str, text: str, by: Any) -> FollowUpNote:
    return FollowUpNote.objects.create(follow_up=row, kind=kind, text=text, written_by=by)


@transaction.atomic
def report_progress(*, follow_up: FollowUp, text: str, by: Any) -> FollowUpNote:
    """Write how far it is."""
    policies.can_report_progress(by, follow_up).require()
    text = clean_text(text)
    if not text:
        raise Refused(_("Write how far it is."), "text")
    if len(text) > LONGEST:
        raise Refused(_("Write at most %(n)s characters.") % {"n": LONGEST}, "text")
    note = _note(follow_up, FollowUpNoteKind.PROGRESS, text, by)
    _record("report_progress", follow_up, by)
    return note


@transaction.atomic
def finish_follow_up(*, follow_up: FollowUp, by: Any) -> FollowUp:
    """It is done. Raises `StaleState` when it is no longer open."""
    policies.reports_on_follow_up(by, follow_up).require()
    FOLLOW_UP.apply(follow_up, "finish", closed_at=timezone.now())
    _note(follow_up, FollowUpNoteKind.DONE, "", by)
    _record("finish_follow_up", follow_up, by)
    return follow_up


@transaction.atomic
def drop_follow_up(*, follow_up: FollowUp, reason: str, by: Any) -> FollowUp:
    """It will not be done, and why. Raises `StaleState` when it is no longer open."""
    policies.manages_follow_up(by, follow_up).require()
    reason = clean_text(reason)[:LONGEST_REASON]
    if not reason:
        raise Refused(_("Write why it is dropped."), "reason")
    FOLLOW_UP.apply(follow_up, "drop", closed_at=timezone.now(), drop_reason=reason)
    _note(follow_up, FollowUpNoteKind.DROPPED, reason, by)
    _record("drop_follow_up", follow_up, by)
    return follow_up


@transaction.atomic
def hand_follow_up(*, follow_up: FollowUp, receiver: Committee, by: Any) -> FollowUp:
    """Let another body see to it; the item it came from stays where it is.

    Raises `StaleState` when it is no longer open, or another body has it by now.
    """
    policies.can_hand_follow_up(by, follow_up, receiver).require()
    rows = FollowUp.objects.filter(
        pk=follow_up.pk, state=FollowUpState.OPEN, handed_to=follow_up.handed_to_id
    )
    if not rows.update(handed_to=receiver, version=F("version") + 1):
        raise StaleState(
            _("Somebody else changed the follow-up while you were writing. Nothing was changed.")
        )
    origin = follow_up.body_id
    follow_up.refresh_from_db()
    _note(follow_up, FollowUpNoteKind.HANDED, receiver.full_name, by)
    facts = {"from": origin, "to": receiver.pk}
    _record("hand_follow_up", follow_up, by, **facts)
    return follow_up
