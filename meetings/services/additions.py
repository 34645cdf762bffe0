"""After the lock: numbered additions, the only correction, and reopening by two persons."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.text import clean_text
from core.verdicts import Refused, StaleState
from meetings import policies
from meetings.enums import CLOSED_RECORD, MeetingState
from meetings.models import AgendaItem, IssuedVersion, Meeting, MinutesAddition, ReopenRequest
from meetings.selectors.approval import sent_version
from meetings.selectors.minuted import addition_row
from meetings.selectors.reopening import open_reopening
from meetings.services.decisions import number_decisions
from meetings.services.documents import request_documents
from meetings.services.freezing import freeze
from meetings.services.sealing import seal
from meetings.workflow import MEETING

LONGEST = 4000
REASON_LENGTH = 300


@transaction.atomic
def add_addition(
    *,
    meeting: Meeting,
    text: str,
    reason: str,
    by: Any,
    item: AgendaItem | None = None,
    public_text: str = "",
) -> MinutesAddition:
    """Correct locked minutes by the next numbered addition, sealed as a version of its own.

    What was locked stays as it was. Citizens go on reading the version that was published until
    the addition is published too. Raises `Refused` without words, reason, or, where something is
    closed, words for citizens.
    """
    policies.can_add_addition(by, meeting).require()
    locked = Meeting.objects.select_for_update().get(pk=meeting.pk)
    words, why = clean_text(text), " ".join(reason.split())
    public = clean_text(public_text)
    _require_words(words, why, public)
    _require_place(locked, item, public, by)
    previous = sent_version(locked)
    if locked.state not in CLOSED_RECORD or previous is None:
        raise StaleState(_("The minutes are no longer locked. Nothing was changed."))
    row = MinutesAddition.objects.create(
        meeting=meeting,
        number=locked.additions.count() + 1,
        item=item,
        text=words,
        public_text=public,
        reason=why,
        by=by,
    )
    _seal_addition(locked, previous, row, by)
    meeting.refresh_from_db(fields=["state", "minutes_version", "public_minutes"])
    return row


def _require_words(words: str, why: str, public: str) -> None:
    if not words:
        raise Refused(_("Write the addition."), "text")
    if max(len(words), len(public)) > LONGEST:
        raise Refused(_("Write at most %(n)s characters.") % {"n": "4.000"}, "text")
    if not why:
        raise Refused(_("Write why the minutes are corrected."), "reason")
    if len(why) > REASON_LENGTH:
        text = _("Write the reason with at most %(n)s characters.")
        raise Refused(text % {"n": REASON_LENGTH}, "reason")


def _require_place(meeting: Meeting, item: AgendaItem | None, public: str, by: Any) -> None:
    """On an item that `by` reads; words for citizens wherever they cannot have the others."""
    if item is not None:
        known = item.meeting_id == meeting.pk and item.removed_at is None
        item.meeting = meeting
        if not known or not policies.reads_item(by, item):
            raise Refused(_("Choose an item from the list."), "item")
    items = [item] if item is not None else list(meeting.items.on_agenda())
    if any(row.is_closed for row in items) and not public:
        raise Refused(
            _("Write what citizens read instead: the minutes hold something closed."),
            "public_text",
        )


def _seal_addition(
    meeting: Meeting, previous: IssuedVersion, row: MinutesAddition, by: Any
) -> None:
    snapshot = previous.snapshot
    snapshot["version"]["number"] = previous.number + 1
    snapshot["additions"] = [*snapshot.get("additions", []), addition_row(row)]
    Meeting.objects.filter(pk=meeting.pk).update(minutes_version=previous.number + 1)
    meeting.minutes_version = previous.number + 1
    version = freeze(meeting, snapshot, by=by)
    number_decisions(meeting, version)
    act = audit.record(
        "meetings.add_addition",
        meeting,
        by=by,
        scope=meeting,
        data={
            "number": row.number,
            "item": row.item_id,
            "version": version.number,
            "sha256": version.sha256,
        },
    )
    seal(version, act)
    request_documents(meeting, kinds=("minutes",), by=by)


# Reopening ------------------------------------------------------------------------------


@transaction.atomic
def ask_reopening(*, meeting: Meeting, reason: str, by: Any) -> ReopenRequest:
    """Ask another person to let the locked minutes be written on again."""
    policies.can_ask_reopening(by, meeting).require()
    why = " ".join(reason.split())
    if not why:
        raise Refused(_("Write why the minutes are reopened."), "reason")
    if len(why) > REASON_LENGTH:
        text = _("Write the reason with at most %(n)s characters.")
        raise Refused(text % {"n": REASON_LENGTH}, "reason")
    try:
        with transaction.atomic():
            row = ReopenRequest.objects.create(meeting=meeting, reason=why, asked_by=by)
    except IntegrityError as error:
        raise StaleState(_("Somebody has already asked. Nothing was changed.")) from error
    audit.record("meetings.ask_reopening", meeting, by=by, scope=meeting, data={"row": row.pk})
    return row


@transaction.atomic
def approve_reopening(*, meeting: Meeting, by: Any) -> Meeting:
    """Let the minutes that another person asked for be written on again.

    What was sealed stays sealed and can still be verified.
    """
    policies.can_approve_reopening(by, meeting).require()
    row = _waiting(meeting)
    now = timezone.now()
    open_rows = ReopenRequest.objects.filter(pk=row.pk, approved_at=None, dropped_at=None)
    if not open_rows.update(approved_by=by, approved_at=now):
        raise StaleState(_("The request has been answered. Nothing was changed."))
    MEETING.apply(meeting, "reopen_locked", approval_due_at=None)
    # Nobody approves the publication of what is being written on.
    meeting.publications.filter(approved_at=None, dropped_at=None).update(dropped_at=now)
    audit.record(
        "meetings.reopen_locked",
        meeting,
        by=by,
        scope=meeting,
        data={"row": row.pk, "asked_by": row.asked_by_id, "version": meeting.minutes_version},
    )
    return meeting


@transaction.atomic
def drop_reopening(*, meeting: Meeting, by: Any) -> None:
    """Turn the request down, or take one's own back."""
    policies.can_ask_reopening(by, meeting).require()
    row = _waiting(meeting)
    open_rows = ReopenRequest.objects.filter(pk=row.pk, approved_at=None, dropped_at=None)
    if not open_rows.update(dropped_at=timezone.now()):
        raise StaleState(_("The request has been answered. Nothing was changed."))
    audit.record("meetings.drop_reopening", meeting, by=by, scope=meeting, data={"row": row.pk})


def _waiting(meeting: Meeting) -> ReopenRequest:
    if meeting.state == MeetingState.LOCKED and (row := open_reopening(meeting)):
        return row
    raise Refused(_("Two persons reopen: one asks, another approves. Nobody has asked yet."))
