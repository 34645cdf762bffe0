"""Hold the meeting: begin, attendance, decisions item by item, end."""

from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.verdicts import Refused, StaleState
from meetings import policies
from meetings.enums import DECIDING, AttendanceStatus, Outcome
from meetings.models import AgendaItem, Attendance, Meeting
from meetings.selectors.snapshot import seated_members
from meetings.services.texts import Saved, save_texts
from meetings.services.votes import refuse_absence_of_voters
from meetings.workflow import MEETING


@transaction.atomic
def move_meeting(*, meeting: Meeting, move: str, by: Any) -> Meeting:
    """Begin, end or resume the meeting."""
    if move not in {"begin", "end", "resume"}:
        raise KeyError(move)
    policies.can_lead_meeting(by, meeting).require()
    # A vote that is being opened is seen by the guard of the move, or waits for it.
    Meeting.objects.select_for_update().get(pk=meeting.pk)
    old = MEETING.apply(meeting, move)
    audit.record(f"meetings.{move}", meeting, by=by, scope=meeting, data={"from": old})
    return meeting


@transaction.atomic
def record_attendance(*, meeting: Meeting, statuses: dict[int, tuple[str, str]], by: Any) -> int:
    """Write who came: member id → (status, note). Returns how many rows changed."""
    policies.can_record_attendance(by, meeting).require()
    refuse_absence_of_voters(meeting, statuses)
    known = {member.user_id for member in seated_members(meeting)}
    changed = 0
    for member_id, (status, note) in statuses.items():
        if member_id not in known or status not in AttendanceStatus.values:
            raise Refused(_("Attendance is recorded for the committee's members only."))
        changed += _set_attendance(meeting, member_id, status, note)
    if changed:
        audit.record(
            "meetings.record_attendance", meeting, by=by, scope=meeting, data={"rows": changed}
        )
    return changed


def _set_attendance(meeting: Meeting, member_id: int, status: str, note: str) -> int:
    row, _created = Attendance.objects.get_or_create(meeting=meeting, member_id=member_id)
    if (row.status, row.note) == (status, note):
        return 0
    row.status, row.note, row.answered_at = status, note[:200], timezone.now()
    row.save()
    return 1


@transaction.atomic
def answer_invitation(*, meeting: Meeting, coming: bool, by: Any, note: str = "") -> None:
    """A member says that they come, or sends an apology."""
    policies.can_answer_invitation(by, meeting).require()
    status = AttendanceStatus.PRESENT if coming else AttendanceStatus.APOLOGY
    if _set_attendance(meeting, by.pk, status, note.strip()):
        audit.record(
            "meetings.answer_invitation", meeting, by=by, scope=meeting, data={"status": status}
        )


@transaction.atomic
def record_decision(
    *,
    item: AgendaItem,
    outcome: str,
    texts: dict[str, str],
    versions: dict[str, int],
    by: Any,
) -> Saved:
    """Write an item's outcome and decision texts.

    Raises `StaleState` on a locked meeting; conflicting texts come back in the result and the
    outcome is then left alone.
    """
    if item.meeting.state not in DECIDING:
        raise StaleState(
            _("Decisions cannot be written now: the state is “%(state)s”. Nothing was changed.")
            % {"state": item.meeting.get_state_display()}
        )
    policies.can_record_decision(by, item).require()
    if outcome not in Outcome.values:
        raise Refused(_("Choose an outcome from the list."), "outcome")
    saved = save_texts(item=item, texts=texts, versions=versions, by=by)
    if not saved.conflicts and outcome != item.outcome:
        _set_outcome(item, outcome, by)
    return saved


def _set_outcome(item: AgendaItem, outcome: str, by: Any) -> None:
    moment = timezone.now() if outcome else None
    AgendaItem.objects.filter(pk=item.pk).update(
        outcome=outcome,
        decided_at=moment,
        decided_by=by if outcome else None,
        version=F("version") + 1,
    )
    item.refresh_from_db()
    audit.record(
        "meetings.record_decision", item, by=by, scope=item.meeting, data={"outcome": outcome}
    )
