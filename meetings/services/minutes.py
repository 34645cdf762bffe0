"""Finish the minutes: for approval, corrected, locked. `publication` takes them further."""

from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from core import audit
from core.text import clean_text
from core.verdicts import Refused, StaleState
from meetings import policies
from meetings.enums import MeetingState, VersionKind
from meetings.models import IssuedVersion, Meeting, ProofOverride
from meetings.selectors.approval import approval_record, lockable, sent_version
from meetings.selectors.minuted import iso
from meetings.selectors.proof import missing_in_minutes, overridden_lines, proof, undecided
from meetings.selectors.snapshot import live_snapshot
from meetings.services.approval import begin_approval
from meetings.services.decisions import number_decisions
from meetings.services.documents import request_documents
from meetings.services.freezing import freeze
from meetings.services.locking import hold
from meetings.services.sealing import seal
from meetings.workflow import MEETING

REASON_LENGTH = 300


@transaction.atomic
def send_for_approval(*, meeting: Meeting, by: Any) -> IssuedVersion:
    """Freeze the minutes as the next version and ask the members to approve it.

    Raises `Refused` with the first thing that is missing and has no reason.
    """
    hold(meeting)
    policies.can_finish_minutes(by, meeting).require()
    if missing := missing_in_minutes(meeting):
        raise Refused(missing[0].text)
    number = meeting.minutes_version + 1
    with translation.override("da"):
        snapshot = live_snapshot(meeting, VersionKind.MINUTES, number=number)
        overrides = _overrides(meeting)
    snapshot |= {"unplaced": ""} | ({"overrides": overrides} if overrides else {})
    version = _new_version(meeting, "send_for_approval", snapshot, by)
    begin_approval(meeting, version, by)
    return version


def _overrides(meeting: Meeting) -> list[dict[str, Any]]:
    items = dict(meeting.items.values_list("pk", "position"))
    return [
        {
            "item": line.item_id,
            "item_number": items.get(line.item_id) if line.item_id else None,
            "text": line.text,
            "reason": row.reason,
            "at": iso(row.at),
            "by": row.by.name,
        }
        for line, row in overridden_lines(meeting)
    ]


@transaction.atomic
def override_lines(*, meeting: Meeting, reasons: dict[str, str], by: Any) -> int:
    """Write why the minutes go out without what is missing, by the lines' keys.

    Empty reasons are left for later. Returns how many lines have their reason now. Raises
    `StaleState` when a line is no longer missing in that way, or has its reason.
    """
    policies.can_override_proof(by, meeting).require()
    given = {key: clean_text(text) for key, text in reasons.items() if text.strip()}
    lines = {line.key: line for check in proof(meeting) for line in check.lines}
    if any(key not in lines or lines[key].is_overridden for key in given):
        raise StaleState(_("What is missing has changed meanwhile. Nothing was changed."))
    for key, reason in given.items():
        if len(reason) > REASON_LENGTH:
            text = _("Write the reason with at most %(n)s characters.")
            raise Refused(text % {"n": REASON_LENGTH}, key)
        if not lines[key].can_override:
            raise Refused(lines[key].text, key)
        _override(meeting, lines[key], reason, by)
    return len(given)


def _override(meeting: Meeting, line: Any, reason: str, by: Any) -> None:
    row = ProofOverride.objects.create(
        meeting=meeting, key=line.key, item_id=line.item_id, line=line.text, reason=reason, by=by
    )
    audit.record(
        "meetings.override_proof",
        row,
        by=by,
        scope=meeting,
        data={"key": line.key, "item": line.item_id},
    )


@transaction.atomic
def save_unplaced(*, meeting: Meeting, text: str, was: str, by: Any) -> None:
    """Keep of the text that an import left over what has not found its place yet.

    Raises `StaleState` when somebody else has changed it since `was` was read.
    """
    policies.can_edit_agenda(by, meeting).require()
    left = clean_text(text)
    rows = Meeting.objects.filter(pk=meeting.pk)
    if clean_text(meeting.unplaced) != clean_text(was) or not rows.filter(
        unplaced=meeting.unplaced
    ).update(unplaced=left):
        raise StaleState(_("Somebody else has changed the text. Nothing was changed."))
    meeting.unplaced = left
    audit.record("meetings.save_unplaced", meeting, by=by, scope=meeting, data={"left": len(left)})


@transaction.atomic
def reopen_minutes(*, meeting: Meeting, by: Any) -> Meeting:
    """Take the minutes back for correction; the version sent stays as it was."""
    policies.can_finish_minutes(by, meeting).require()
    MEETING.apply(meeting, "reopen_minutes", approval_due_at=None)
    audit.record("meetings.reopen_minutes", meeting, by=by, scope=meeting)
    return meeting


def _new_version(
    meeting: Meeting, move: str, snapshot: dict[str, Any], by: Any, **data: Any
) -> IssuedVersion:
    """Move the meeting and freeze the snapshot as its minutes from now on."""
    number = snapshot["version"]["number"]
    MEETING.apply(meeting, move, where={"minutes_version": number - 1}, minutes_version=number)
    version = freeze(meeting, snapshot, by=by)
    if move == "lock":
        data["decisions"] = number_decisions(meeting, version)
    act = audit.record(
        f"meetings.{move}",
        meeting,
        by=by,
        scope=meeting,
        data={"version": version.number, "sha256": version.sha256} | data,
    )
    if move == "lock":
        seal(version, act)
    request_documents(meeting, kinds=("minutes",), by=by)
    return version


@transaction.atomic
def lock_minutes(*, meeting: Meeting, by: Any) -> Meeting:
    """Lock the minutes that were approved, with who approved them and every reservation.

    Raises `Refused` while a correction waits, before the deadline while a member does, and while
    a disqualification raised since is undecided.
    """
    # An answer that is being given is in before the lock, or is refused after it.
    hold(meeting)
    policies.can_lock_minutes(by, meeting).require()
    sent = sent_version(meeting)
    if meeting.state != MeetingState.APPROVAL or sent is None:
        MEETING.apply(meeting, "lock")
        return meeting
    if not (verdict := lockable(meeting)):
        raise Refused(verdict.reason)
    if lacking := undecided(meeting):
        raise Refused(
            _("%(what)s. Take the minutes back and write what the committee decided.")
            % {"what": lacking[0].text}
        )
    with translation.override("da"):
        snapshot = sent.snapshot | approval_record(meeting, sent, by)
    snapshot["version"]["number"] = sent.number + 1
    _new_version(meeting, "lock", snapshot, by, approved=sent.number)
    return meeting
