"""Who sits in the body, and in what order they are named."""

from django.utils.timezone import localtime

from committee.enums import LEADERS, SEATED, Role, SeatKind
from committee.models import Membership
from meetings.models import Meeting


def seated_members(meeting: Meeting) -> list[Membership]:
    """Those who sat in the body on the day of the meeting, leaders first."""
    day = localtime(meeting.starts_at).date()
    members = (
        Membership.objects.active_on(day)
        .filter(committee=meeting.committee_id, role__in=SEATED)
        .select_related("user", "seat_group")
    )
    best: dict[int, Membership] = {}
    for member in members:
        kept = best.get(member.user_id)
        if kept is None or (member.role in LEADERS and kept.role not in LEADERS):
            best[member.user_id] = member
    return sorted(best.values(), key=_seat_order)


def _seat_order(member: Membership) -> tuple[int, int, str]:
    rank = {Role.CHAIR: 0, Role.VICE_CHAIR: 1}.get(Role(member.role), 2)
    citizen = member.seat_group is not None and member.seat_group.kind == SeatKind.CITIZEN
    return rank, int(citizen), member.user.name


def role_word(member: Membership) -> str:
    """The member's role in words, e.g. ”Formand” or ”Borgermedlem”."""
    if member.role in LEADERS or member.seat_group is None:
        return str(Role(member.role).label)
    return str(SeatKind(member.seat_group.kind).label)
