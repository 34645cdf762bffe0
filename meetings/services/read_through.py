"""Gennemlæsning: chosen readers comment on one and the same draft before it is issued."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, outbox
from core.canonical import canonical_json
from core.text import clean_text
from core.verdicts import Refused, StaleState
from meetings import policies
from meetings.enums import VersionKind
from meetings.models import Meeting, ReadThrough, ReadThroughComment, ReadThroughReader
from meetings.selectors.read_through import possible_readers
from meetings.selectors.snapshot import live_snapshot
from meetings.workflow import MEETING

SEND = "meetings.send_read_through"
LONGEST_COMMENT = 10_000


@transaction.atomic
def open_read_through(
    *, meeting: Meeting, readers: Iterable[Any], due_at: datetime, by: Any
) -> ReadThrough:
    """Freeze the draft and ask `readers` to read it.

    Raises `Refused` without readers, with somebody who cannot be one, or for a deadline gone by.
    """
    policies.can_read_through(by, meeting).require()
    chosen = _check_readers(meeting, readers)
    now = timezone.now()
    if due_at <= now:
        raise Refused(_("Choose a deadline that has not passed."), "due_on")
    snapshot = live_snapshot(meeting, VersionKind.AGENDA, number=meeting.agenda_version + 1)
    # What an import could not place is for the secretariat alone.
    snapshot["unplaced"] = ""
    MEETING.apply(meeting, "open_read_through")
    row = ReadThrough.objects.create(
        meeting=meeting,
        body=canonical_json(snapshot).decode(),
        opened_at=now,
        opened_by=by,
        due_at=due_at,
    )
    ReadThroughReader.objects.bulk_create(
        ReadThroughReader(read_through=row, reader_id=pk) for pk in chosen
    )
    _record("meetings.open_read_through", row, by, readers=chosen)
    _queue(row, chosen, "open", "", by)
    return row


def _check_readers(meeting: Meeting, readers: Iterable[Any]) -> list[int]:
    chosen = sorted({reader.pk for reader in readers})
    if not chosen:
        raise Refused(_("Choose at least one reader."), "readers")
    possible = {user.pk for user in possible_readers(meeting.committee_id)}
    if not set(chosen) <= possible:
        raise Refused(_("Readers are chosen among the members and the follow group."), "readers")
    return chosen


def _queue(row: ReadThrough, readers: Iterable[int], occasion: str, day: str, by: Any) -> None:
    mark = f"{occasion}:{day}" if day else occasion
    for pk in readers:
        outbox.enqueue(
            kind=SEND,
            key=f"read-through:{row.pk}:{mark}:{pk}",
            payload={"read_through": row.pk, "user": pk, "occasion": occasion, "day": day},
            by=by.pk,
        )


def _record(verb: str, row: ReadThrough, by: Any, **data: Any) -> None:
    audit.record(verb, row, by=by, scope=row.meeting, data=data)


@transaction.atomic
def comment(
    *, read_through: ReadThrough, text: str, by: Any, item_id: int | None = None
) -> ReadThroughComment:
    """Comment on an item of the draft, or on the draft as a whole (`item_id` None)."""
    policies.can_comment_read_through(by, read_through.meeting).require()
    _require_open(read_through)
    words = clean_text(text)
    if not words:
        raise Refused(_("Write your comment before you send it."), "text")
    if len(words) > LONGEST_COMMENT:
        raise Refused(
            _(
                "A comment can be at most %(limit)s characters. "
                "Send a longer text to the secretariat."
            )
            % {"limit": "10.000"},
            "text",
        )
    if item_id is not None and item_id not in _item_ids(read_through):
        raise Refused(_("The item is not in the draft you are reading."), "text")
    row = ReadThroughComment.objects.create(
        read_through=read_through, item_id=item_id, author=by, text=words
    )
    _record("meetings.comment_read_through", read_through, by, item=item_id, comment=row.pk)
    return row


def _item_ids(row: ReadThrough) -> set[int]:
    return {item["id"] for item in row.snapshot["items"]}


def _require_open(row: ReadThrough) -> None:
    row.refresh_from_db(fields=["closed_at"])
    if row.closed_at:
        raise StaleState(_("The read-through is over. Nothing was changed."))


@transaction.atomic
def record_reading(*, read_through: ReadThrough, items: list[int], by: Any) -> None:
    """Leave word of which closed items were read in full."""
    if items:
        _record("meetings.read_closed_draft", read_through, by, items=items)


@transaction.atomic
def settle_comment(*, comment: ReadThroughComment, settled: bool, by: Any) -> None:
    """The secretariat marks that a comment has been dealt with, or opens it again."""
    meeting = comment.read_through.meeting
    policies.can_read_through(by, meeting).require()
    wanted = timezone.now() if settled else None
    rows = ReadThroughComment.objects.filter(pk=comment.pk, settled_at__isnull=settled)
    if rows.update(settled_at=wanted):
        verb = "meetings.settle_comment" if settled else "meetings.reopen_comment"
        _record(verb, comment.read_through, by, comment=comment.pk)


@transaction.atomic
def finish_reading(*, read_through: ReadThrough, by: Any) -> None:
    """The reader has read the draft; saying so twice is saying it once."""
    policies.can_comment_read_through(by, read_through.meeting).require()
    _require_open(read_through)
    waiting = read_through.readers.filter(reader=by, done_at__isnull=True)
    if waiting.update(done_at=timezone.now()):
        _record("meetings.finish_reading", read_through, by)


@transaction.atomic
def close_read_through(*, meeting: Meeting, by: Any) -> None:
    """End the read-through; the agenda is a draft again. Raises `StaleState` when it is over."""
    policies.can_read_through(by, meeting).require()
    MEETING.apply(meeting, "close_read_through")
    row = meeting.read_throughs.filter(closed_at__isnull=True).first()
    if row is not None:
        row.closed_at = timezone.now()
        row.save(update_fields=["closed_at"])
        _record("meetings.close_read_through", row, by)


@transaction.atomic
def remind(*, read_through: ReadThrough, by: Any) -> int:
    """Remind those who have not read yet, at most once a day each. Returns how many they are."""
    policies.can_read_through(by, read_through.meeting).require()
    _require_open(read_through)
    waiting = list(
        read_through.readers.filter(done_at__isnull=True).values_list("reader_id", flat=True)
    )
    _queue(read_through, waiting, "remind", timezone.localdate().isoformat(), by)
    if waiting:
        _record("meetings.remind_readers", read_through, by, readers=waiting)
    return len(waiting)
