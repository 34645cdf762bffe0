"""Who was in the room for what, and whether the body could decide.

Kommunestyrelseslovens § 11, stk. 2 counts those present for each item, and a member who is
disqualified from the item does not count (§ 14).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from committee.models import Membership
from meetings.enums import AttendanceStatus
from meetings.models import AgendaItem, Attendance, Disqualification, Meeting, Presence, Sitting
from meetings.selectors.seats import owner_of, role_word, seat_name, seated_members

IN, OUT, RECUSED = "in", "out", "recused"


@dataclass(frozen=True)
class Seat:
    """One member of the body, as they stand to one item (or to the meeting)."""

    member_id: int
    # Whose seat it is: somebody else than who fills it, where there is a substitute.
    owner_id: int
    name: str
    role: str
    state: str
    status: str
    came_at: datetime | None
    left_at: datetime | None

    @property
    def was_here(self) -> bool:
        return self.came_at is not None


@dataclass(frozen=True)
class Roll:
    """Everybody's place, and the quorum that follows from it."""

    seats: list[Seat]
    needed: int
    is_recorded: bool

    @property
    def present(self) -> list[Seat]:
        return [seat for seat in self.seats if seat.state == IN]

    @property
    def recused(self) -> list[Seat]:
        return [seat for seat in self.seats if seat.state == RECUSED]

    @property
    def away(self) -> list[Seat]:
        return [seat for seat in self.seats if seat.state == OUT]

    @property
    def discreet(self) -> "Roll":
        """The same numbers, the disqualified counted as away."""
        seats = [replace(s, state=OUT) if s.state == RECUSED else s for s in self.seats]
        return replace(self, seats=seats)

    @property
    def is_quorate(self) -> bool:
        return len(self.present) >= self.needed


class Rolls:
    """The attendance of one meeting, fetched once, asked about each of its items."""

    def __init__(self, meeting: Meeting, seats: list[Membership] | None = None) -> None:
        self.meeting = meeting
        self.members = seated_members(meeting) if seats is None else seats
        rows = {row.member_id: row for row in Attendance.objects.filter(meeting=meeting)}
        # By who fills the seat.
        self.answers = {
            member.user_id: rows[owner_of(member).user_id]
            for member in self.members
            if owner_of(member).user_id in rows
        }
        self.stays = _grouped(Presence.objects.filter(meeting=meeting), "member_id")
        self.sittings = _grouped(Sitting.objects.filter(meeting=meeting), "item_id")
        recused = Disqualification.objects.filter(item__meeting=meeting, lifted_at__isnull=True)
        self.recusals = _grouped(recused, "item_id")
        self.needed = meeting.rule_profile.rules.quorum_needed(len(self.members))

    @property
    def is_recorded(self) -> bool:
        """Has anybody's attendance been recorded?"""
        unknown = AttendanceStatus.UNKNOWN
        return bool(self.stays) or any(row.status != unknown for row in self.answers.values())

    @property
    def took_part(self) -> set[int]:
        """Ids of those who were in the meeting for any of it."""
        if self.stays:
            return set(self.stays)
        return {seat.member_id for seat in self.of().present}

    def of(self, item: AgendaItem | None = None, moment: datetime | None = None) -> Roll:
        """Everybody's place at `moment`; without one, when the item was on the table last."""
        return self._roll(item, moment or self._moment(item))

    def now(self, item: AgendaItem) -> Roll:
        """Everybody's place to an item as they are in the room now, on the table or not."""
        return self._roll(item, self.meeting.held_to)

    def _roll(self, item: AgendaItem | None, at: datetime | None) -> Roll:
        away = {row.member_id for row in self.recusals.get(item.pk, [])} if item else set()
        seats = [self._seat(member, at, away) for member in self.members]
        return Roll(seats, self.needed, self.is_recorded)

    def _moment(self, item: AgendaItem | None) -> datetime | None:
        """The last moment of the item's treatment; None while it, or the meeting, goes on."""
        sittings = self.sittings.get(item.pk, []) if item else []
        if sittings:
            ended: datetime | None = sittings[-1].ended_at
            return ended
        return self.meeting.held_to

    def _seat(self, member: Membership, moment: datetime | None, recused: set[int]) -> Seat:
        answer = self.answers.get(member.user_id)
        status = answer.status if answer else AttendanceStatus.UNKNOWN.value
        stays = self.stays.get(member.user_id, [])
        here = _covers(stays, moment) if self.stays else status in AttendanceStatus.in_the_room()
        state = OUT if not here else IN
        if member.user_id in recused:
            state = RECUSED
        return Seat(
            member_id=member.user_id,
            owner_id=owner_of(member).user_id,
            name=seat_name(member),
            role=role_word(member),
            state=state,
            status=status,
            came_at=stays[0].came_at if stays else None,
            left_at=stays[-1].left_at if stays else None,
        )


def _grouped(rows: Iterable[Any], key: str) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(getattr(row, key), []).append(row)
    return found


def _covers(stays: list[Presence], moment: datetime | None) -> bool:
    """Was somebody in the room at `moment` (None: still)? Who leaves at it was there."""
    if moment is None:
        return any(stay.left_at is None for stay in stays)
    return any(
        stay.came_at <= moment and (stay.left_at is None or moment <= stay.left_at)
        for stay in stays
    )


def present_now(item: AgendaItem) -> set[int]:
    """Ids of the members who can take part in a vote on the item at this moment."""
    return {seat.member_id for seat in Rolls(item.meeting).now(item).present}


def on_the_table(meeting: Meeting) -> Sitting | None:
    """The item that is being treated now."""
    return meeting.sittings.filter(ended_at__isnull=True).select_related("item").first()


def planned_end(meeting: Meeting, items: list[AgendaItem], sitting: Sitting | None) -> datetime:
    """When the meeting ends if the rest of the items take the time that was planned."""
    now = timezone.now()
    done = set(meeting.sittings.filter(ended_at__isnull=False).values_list("item_id", flat=True))
    rest = sum(item.minutes or 0 for item in items if item.pk not in done)
    spent = (now - sitting.began_at).total_seconds() / 60 if sitting else 0
    left = max(rest - min(spent, (sitting.item.minutes or 0) if sitting else 0), 0)
    return now + timedelta(minutes=left)
