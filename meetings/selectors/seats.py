"""Who sits in the body, and in what order they are named."""

from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _

from committee.enums import LEADERS, SEATED, Role, SeatKind
from committee.models import Membership
from meetings.models import Attendance, Meeting


def seat_owners(meeting: Meeting) -> list[Membership]:
    """Those whose seats they are on the day of the meeting, leaders first."""
    day = localtime(meeting.starts_at).date()
    members = (
        Membership.objects.active_on(day)
        # Who fills another's seat, in whatever meeting, has no seat of their own.
        .filter(committee=meeting.committee_id, role__in=SEATED, stands_in__isnull=True)
        .select_related("user", "seat_group")
    )
    best: dict[int, Membership] = {}
    for member in members:
        kept = best.get(member.user_id)
        if kept is None or (member.role in LEADERS and kept.role not in LEADERS):
            best[member.user_id] = member
    return sorted(best.values(), key=_seat_order)


def seated_members(meeting: Meeting) -> list[Membership]:
    """Those who fill the seats in the meeting: its substitutes in the place of those they replace.

    The one place that knows of substitutes: quorum, votes, rolls and minutes ask here.
    """
    stand_ins = {row.member_id: row.substitute for row in substituted(meeting)}
    found = []
    for owner in seat_owners(meeting):
        filled_by = stand_ins.get(owner.user_id) or owner
        filled_by.stands_for = owner if filled_by is not owner else None  # type: ignore[attr-defined]
        found.append(filled_by)
    return found


def substituted(meeting: Meeting) -> list[Attendance]:
    """The seats that a substitute fills in this meeting."""
    rows = Attendance.objects.filter(meeting=meeting, substitute__isnull=False)
    return list(rows.select_related("substitute__user", "substitute__seat_group"))


def owner_of(member: Membership) -> Membership:
    """Whose seat it is."""
    return getattr(member, "stands_for", None) or member


def seat_name(member: Membership) -> str:
    """The name, and for a substitute also whose seat they fill."""
    owner = owner_of(member)
    if owner is member:
        return member.user.name
    values = {"name": member.user.name, "member": owner.user.name}
    return _("%(name)s (substitute for %(member)s)") % values


def citizen_names(meeting: Meeting) -> set[str]:
    """The names on the citizens' seats: of those who fill them, and of those they stand in for."""
    return {
        person.user.name
        for seat in seated_members(meeting)
        for person in (seat, owner_of(seat))
        if person.seat_group is not None and person.seat_group.kind == SeatKind.CITIZEN
    }


def has_left(member: Membership) -> bool:
    """Is the seat no longer theirs, so that they have no access: a substitute after the day?"""
    return member.valid_to is not None and member.valid_to < localdate()


def led_by(seats: list[Membership], here: set[int] | None = None) -> str:
    """Who leads the meeting: the chair, else the vice-chair. A substitute has no office.

    With `here`, the ids of those who were in it, the minutes name who did.
    """
    leaders = [m for m in seats if m.role in LEADERS and (here is None or m.user_id in here)]
    if not leaders:
        return ""
    if leaders[0].role == Role.CHAIR:
        return leaders[0].user.name
    return _("%(name)s (vice-chair)") % {"name": leaders[0].user.name}


def _seat_order(member: Membership) -> tuple[int, int, str]:
    rank = {Role.CHAIR: 0, Role.VICE_CHAIR: 1}.get(Role(member.role), 2)
    citizen = member.seat_group is not None and member.seat_group.kind == SeatKind.CITIZEN
    return rank, int(citizen), member.user.name


def role_word(member: Membership) -> str:
    """The member's role in words, e.g. ”Formand” or ”Borgermedlem”."""
    if member.role in LEADERS or member.seat_group is None:
        return str(Role(member.role).label)
    return str(SeatKind(member.seat_group.kind).label)
