"""Who is in the room, and which item is on the table."""

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.templatetags.ur import clock
from core.verdicts import Refused, StaleState
from meetings import policies
from meetings.enums import AttendanceStatus, OpeningStep
from meetings.models import AgendaItem, Attendance, Meeting, Presence, Sitting
from meetings.selectors.presence import on_the_table
from meetings.selectors.seats import seat_owners, seated_members
from meetings.services.disqualification import come_back_from, leave_for
from meetings.services.locking import hold
from meetings.services.substitutes import end_substitution
from meetings.services.votes import refuse_absence_of_voters, refuse_leaving_before_votes

IN_THE_ROOM = AttendanceStatus.in_the_room()
# A clock that runs a little ahead is not a mistake.
LEEWAY = timedelta(minutes=2)


@transaction.atomic
def record_attendance(*, meeting: Meeting, statuses: dict[int, tuple[str, str]], by: Any) -> int:
    """Write who came: member id → (status, remark). Returns how many rows changed.

    Once the meeting has begun, those present are in the room from its beginning; correct the
    times with `come` and `leave`.
    """
    hold(meeting)
    policies.can_record_attendance(by, meeting).require()
    _only_members(meeting, statuses, {member.user_id for member in seat_owners(meeting)})
    statuses = _without_kept_substitutes(meeting, statuses, by)
    refuse_absence_of_voters(meeting, statuses)
    changed = 0
    for member_id, (status, remark) in statuses.items():
        changed += _set_attendance(meeting, member_id, status=status, remark=remark[:200])
        _place(meeting, member_id, status)
    if changed:
        audit.record(
            "meetings.record_attendance", meeting, by=by, scope=meeting, data={"rows": changed}
        )
    return changed


def _without_kept_substitutes(
    meeting: Meeting, statuses: dict[int, tuple[str, str]], by: Any
) -> dict[int, tuple[str, str]]:
    """What is left to record: a seat whose substitute stays is as it was, else the loan ends."""
    rows = meeting.attendance.filter(substitute__isnull=False, member__in=list(statuses))
    left = dict(statuses)
    for row in rows.select_related("substitute__committee", "substitute__user"):
        if statuses[row.member_id][0] == AttendanceStatus.SUBSTITUTE:
            del left[row.member_id]
        else:
            end_substitution(row=row, by=by)
    if any(status == AttendanceStatus.SUBSTITUTE for status, _remark in left.values()):
        raise Refused(_("Name the substitute: the seat is filled by a person."))
    return left


def _only_members(meeting: Meeting, statuses: dict[int, tuple[str, str]], known: set[int]) -> None:
    substitutes = meeting.rule_profile.rules.rules["substitutes"]
    for member_id, (status, _remark) in statuses.items():
        if member_id not in known or status not in AttendanceStatus.values:
            raise Refused(_("Attendance is recorded for the committee's members only."))
        if status == AttendanceStatus.SUBSTITUTE and not substitutes.value:
            raise Refused(f"{substitutes.text} {substitutes.legal}.")


def _set_attendance(meeting: Meeting, member_id: int, **values: str) -> int:
    row, _created = Attendance.objects.get_or_create(meeting=meeting, member_id=member_id)
    if all(getattr(row, name) == value for name, value in values.items()):
        return 0
    for name, value in values.items():
        setattr(row, name, value)
    row.answered_at = timezone.now()
    row.save()
    return 1


def _place(meeting: Meeting, member_id: int, status: str) -> None:
    """Put a member in the room, or out of it, once the meeting has begun."""
    stays = meeting.presences.filter(member=member_id)
    if meeting.held_from is None:
        return
    if status not in IN_THE_ROOM:
        stays.delete()
    elif not stays.exists():
        Presence.objects.create(
            meeting=meeting,
            member_id=member_id,
            came_at=meeting.held_from,
            left_at=meeting.held_to,
        )


@transaction.atomic
def answer_invitation(*, meeting: Meeting, coming: bool, by: Any, note: str = "") -> None:
    """A member says that they come, or sends an apology."""
    policies.can_answer_invitation(by, meeting).require()
    if meeting.attendance.filter(member=by.pk, substitute__isnull=False).exists():
        raise Refused(_("A substitute fills your seat. Ask the secretariat to give it back."))
    status = AttendanceStatus.PRESENT if coming else AttendanceStatus.APOLOGY
    if _set_attendance(meeting, by.pk, status=status.value, note=note.strip()[:200]):
        audit.record(
            "meetings.answer_invitation", meeting, by=by, scope=meeting, data={"status": status}
        )


@transaction.atomic
def come(*, meeting: Meeting, member_id: int, at: datetime | None, by: Any) -> Presence:
    """A member comes in, at `at` or now.

    Raises `Refused` for a time outside the meeting or inside another stay, `StaleState` when the
    member is already there.
    """
    moment = _moment(meeting, at, by)
    seats = {seat.user_id for seat in seated_members(meeting)}
    _only_members(meeting, {member_id: (AttendanceStatus.PRESENT.value, "")}, seats)
    _require_apart(meeting, member_id, moment)
    try:
        with transaction.atomic():
            stay = Presence.objects.create(meeting=meeting, member_id=member_id, came_at=moment)
    except IntegrityError as error:
        raise StaleState(_("The member is already in the room. Nothing was changed.")) from error
    if member_id in {owner.user_id for owner in seat_owners(meeting)}:
        _set_attendance(meeting, member_id, status=AttendanceStatus.PRESENT.value)
    _record("come", meeting, member_id, moment, by)
    return stay


@transaction.atomic
def leave(*, meeting: Meeting, member_id: int, at: datetime | None, by: Any) -> None:
    """A member leaves, at `at` or now. Raises as `come` does."""
    moment = _moment(meeting, at, by)
    stay = meeting.presences.filter(member=member_id, left_at__isnull=True).first()
    if stay is None:
        raise StaleState(_("The member is not in the room. Nothing was changed."))
    if moment < stay.came_at:
        raise Refused(_("The member cannot leave before they came."), "at")
    refuse_leaving_before_votes(meeting, member_id, moment)
    Presence.objects.filter(pk=stay.pk, left_at__isnull=True).update(left_at=moment)
    _record("leave", meeting, member_id, moment, by)


def _moment(meeting: Meeting, at: datetime | None, by: Any) -> datetime:
    """The time of an act in the meeting, inside the meeting."""
    policies.can_run_session(by, meeting).require()
    now = timezone.now()
    moment = at or now
    if meeting.held_from and moment < meeting.held_from:
        raise Refused(_("The time is before the meeting began."), "at")
    if moment > now + LEEWAY:
        raise Refused(_("The time has not come yet."), "at")
    # What is kept lies inside the meeting, also when it ends within the leeway.
    return min(moment, now)


def _require_apart(meeting: Meeting, member_id: int, moment: datetime) -> None:
    """A member's stays follow each other in time."""
    later = meeting.presences.filter(member=member_id, left_at__gt=moment).first()
    if later is None:
        return
    if later.came_at <= moment:
        raise Refused(_("The member was already in the room at that time."), "at")
    raise Refused(
        _("The member was in the room later than that, from %(clock)s. Write a time after it.")
        % {"clock": clock(later.came_at)},
        "at",
    )


def _record(verb: str, meeting: Meeting, member_id: int, moment: datetime, by: Any) -> None:
    data = {"member": member_id, "at": timezone.localtime(moment).isoformat(timespec="minutes")}
    audit.record(f"meetings.{verb}", meeting, by=by, scope=meeting, data=data)


@transaction.atomic
def take_up(*, item: AgendaItem, by: Any) -> Sitting:
    """Put an item on the table; the one before it is finished.

    Raises `StaleState` when it is there already, or has been taken off the agenda.
    """
    meeting = item.meeting
    hold(meeting)
    policies.can_run_session(by, meeting).require()
    current = on_the_table(meeting)
    if item.removed_at is not None or (current and current.item_id == item.pk):
        raise StaleState(_("The item is already on the table, or is off the agenda."))
    now = timezone.now()
    meeting.sittings.filter(ended_at__isnull=True).update(ended_at=now)
    if current:
        come_back_from([current.item_id], meeting, now)
    sitting = Sitting.objects.create(meeting=meeting, item=item, began_at=now)
    leave_for(item, now)
    audit.record("meetings.take_up", item, by=by, scope=meeting)
    return sitting


@transaction.atomic
def finish_item(*, item: AgendaItem, by: Any) -> None:
    """Take the item off the table. Raises `StaleState` when it is not there."""
    policies.can_run_session(by, item.meeting).require()
    open_sitting = item.sittings.filter(ended_at__isnull=True)
    now = timezone.now()
    if not open_sitting.update(ended_at=now):
        raise StaleState(_("The item is not on the table any more. Nothing was changed."))
    come_back_from([item.pk], item.meeting, now)
    audit.record("meetings.finish_item", item, by=by, scope=item.meeting)


@transaction.atomic
def complete_step(*, meeting: Meeting, step: str, by: Any) -> None:
    """Note that an opening step is done. Raises `Refused` out of order, `StaleState` twice."""
    policies.can_run_session(by, meeting).require()
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    steps = list(OpeningStep.values)
    if step in meeting.opening:
        raise StaleState(_("That step is already done. Nothing was changed."))
    if step not in steps or steps.index(step) != len(meeting.opening):
        raise Refused(_("Take the opening steps in their order."))
    if step == OpeningStep.ROLL_CALL and not meeting.presences.exists():
        raise Refused(_("Mark at least one member as present first."))
    meeting.opening[step] = timezone.localtime().isoformat(timespec="seconds")
    meeting.save(update_fields=["opening"])
    audit.record("meetings.opening_step", meeting, by=by, scope=meeting, data={"step": step})
