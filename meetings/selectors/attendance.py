"""The attendance as the minutes state it: for the meeting, and for each item."""

from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meetings.enums import AttendanceStatus
from meetings.models import AgendaItem, Presence
from meetings.selectors.presence import Roll, Rolls, Seat


def attendance_rows(rolls: Rolls) -> list[dict[str, str]]:
    """One row per seated member, whether or not they answered; none when nothing is recorded."""
    if not rolls.is_recorded:
        return []
    return [_row(rolls, seat) for seat in rolls.of().seats]


def _row(rolls: Rolls, seat: Seat) -> dict[str, str]:
    answer = rolls.answers.get(seat.member_id)
    return {
        "name": seat.name,
        "role": seat.role,
        "status": seat.status if answer else AttendanceStatus.UNKNOWN.value,
        "note": answer.remark if answer else "",
        "times": _times(rolls, rolls.stays.get(seat.member_id, [])),
    }


def _times(rolls: Rolls, stays: list[Presence]) -> str:
    """”Kom kl. 17.12, gik kl. 18.05”; empty for who was there all the time."""
    words = []
    for stay in stays:
        if stay.came_at != rolls.meeting.held_from:
            words.append(_("came at %(time)s") % {"time": clock(stay.came_at)})
        if stay.left_at and stay.left_at != rolls.meeting.held_to:
            words.append(_("left at %(time)s") % {"time": clock(stay.left_at)})
    return ", ".join(words)


def clock(moment: Any) -> str:
    """17.05"""
    return date_format(timezone.localtime(moment), "H.i")


def item_attendance(rolls: Rolls, item: AgendaItem) -> dict[str, Any] | None:
    """Who took part in the item, in numbers and in sentences; None before a roll call."""
    roll = rolls.of(item)
    if not roll.is_recorded:
        return None
    raised = {row.member_id for row in rolls.recusals.get(item.pk, []) if row.is_raised}
    told = [_count(roll), _gone(rolls, roll), _recused(roll, raised)]
    return {
        "present": len(roll.present),
        "seats": len(roll.seats),
        "needed": roll.needed,
        "is_quorate": roll.is_quorate,
        "lines": [line for line in (*told, _undecided(roll, raised)) if line],
        # For everybody: that somebody was only suspected is the committee's own matter.
        "public_lines": [line for line in told if line],
    }


def _count(roll: Roll) -> str:
    values = {"present": len(roll.present), "seats": len(roll.seats), "needed": roll.needed}
    if roll.is_quorate:
        text = _("%(present)s of %(seats)s took part. The committee could decide.")
    else:
        text = _(
            "%(present)s of %(seats)s took part. At least %(needed)s are needed to decide, so the "
            "committee could not decide."
        )
    return text % values


def _gone(rolls: Rolls, roll: Roll) -> str:
    """Those who were in the meeting, but not in the room for this item."""
    names = [seat.name for seat in roll.away if rolls.stays.get(seat.member_id)]
    return _("Not in the room: %(names)s.") % {"names": ", ".join(names)} if names else ""


def _recused(roll: Roll, raised: set[int]) -> str:
    """Those whom the committee found disqualified."""
    names = [seat.name for seat in roll.recused if seat.member_id not in raised]
    if not names:
        return ""
    return ngettext(
        "%(names)s was disqualified and took no part.",
        "%(names)s were disqualified and took no part.",
        len(names),
    ) % {"names": ", ".join(names)}


def _undecided(roll: Roll, raised: set[int]) -> str:
    names = [seat.name for seat in roll.recused if seat.member_id in raised]
    if not names:
        return ""
    return _("%(names)s took no part; the question of disqualification was not decided.") % {
        "names": ", ".join(names)
    }
