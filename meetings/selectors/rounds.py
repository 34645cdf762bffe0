"""Rounds of written input: who is asked, who has answered, who may read what."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count
from django.utils import timezone

from committee.enums import SEATED, SEE_DRAFTS, Role
from committee.models import Membership, User, committees_where, roles_in
from meetings.enums import AGENDA_OPEN, RoundState
from meetings.models import AgendaItem, InputAnswer, InputRound, Meeting
from meetings.policies import is_asked
from meetings.selectors.seats import role_word


@dataclass(frozen=True)
class Asked:
    """Somebody who was asked, with their role in words and their answer, if they gave one."""

    user: User
    role: str
    answer: InputAnswer | None


@dataclass(frozen=True)
class RoundRow:
    """A round in the list."""

    round: InputRound
    asked: int
    answered: int
    is_asked: bool
    has_answered: bool

    @property
    def waits_for_me(self) -> bool:
        return self.is_asked and not self.has_answered and self.round.state == RoundState.OPEN


def roles_asked(row: InputRound) -> frozenset[Role]:
    """The roles the round asks."""
    members = SEATED if row.asks_members else frozenset()
    return members | ({Role.FOLLOW_GROUP} if row.asks_follow_group else set())


def _last_day(row: InputRound) -> date:
    return timezone.localdate(row.closed_at or timezone.now())


def _memberships(row: InputRound) -> list[Membership]:
    """One per person asked, leaders first, then by name."""
    rows = (
        Membership.objects.active_on(_last_day(row))
        .filter(committee=row.committee_id, role__in=roles_asked(row), user__is_active=True)
        .select_related("user", "seat_group")
    )
    best: dict[int, Membership] = {}
    for membership in sorted(rows, key=_order):
        best.setdefault(membership.user_id, membership)
    return list(best.values())


def _order(membership: Membership) -> tuple[int, str, int]:
    ranks = [Role.CHAIR, Role.VICE_CHAIR, Role.MEMBER, Role.FOLLOW_GROUP]
    return ranks.index(Role(membership.role)), membership.user.name, membership.pk


def asked_ids(row: InputRound) -> set[int]:
    """Ids of those the round asks."""
    return {membership.user_id for membership in _memberships(row)}


def asked_people(row: InputRound) -> list[Asked]:
    """Everybody asked, and anybody who answered and has left since."""
    answers = {answer.author_id: answer for answer in row.answers.select_related("author")}
    people = [
        Asked(member.user, role_word(member), answers.pop(member.user_id, None))
        for member in _memberships(row)
    ]
    return people + [Asked(answer.author, "", answer) for answer in answers.values()]


def has_answered(row: InputRound, user: Any) -> bool:
    return row.answers.filter(author=user.pk).exists()


def own_answer(row: InputRound, user: Any) -> InputAnswer | None:
    return row.answers.filter(author=user.pk).first()


def sees_progress(user: Any, row: InputRound) -> bool:
    """Those who run the committee's rounds see who has answered, all the time."""
    return Role.SECRETARIAT in roles_in(user, row.committee_id)


def sees_answers(user: Any, row: InputRound) -> bool:
    """Nobody reads others' answers until the round is closed; then all it asked do."""
    if row.state == RoundState.OPEN:
        return False
    return is_asked(user, row) or bool(roles_in(user, row.committee_id) & SEE_DRAFTS)


def visible_rounds(user: Any) -> list[RoundRow]:
    """Every round `user` may see, newest first. Three queries however many there are."""
    rounds = list(
        InputRound.objects.visible_to(user)
        .select_related("committee", "meeting")
        .annotate(answer_count=Count("answers"))
        .order_by("-opened_at", "-pk")
    )
    mine = set(
        InputAnswer.objects.filter(author=user.pk, round__in=rounds).values_list(
            "round_id", flat=True
        )
    )
    seats = _seats({row.committee_id for row in rounds})
    return [_row(row, user, mine, seats) for row in rounds]


Seat = tuple[int, int, str, date, date | None]


def _seats(committees: set[int]) -> list[Seat]:
    return list(
        Membership.objects.filter(committee__in=committees, user__is_active=True).values_list(
            "committee_id", "user_id", "role", "valid_from", "valid_to"
        )
    )


def _row(row: InputRound, user: Any, mine: set[int], seats: list[Seat]) -> RoundRow:
    roles, day = roles_asked(row), _last_day(row)
    asked = {
        person
        for committee, person, role, start, end in seats
        if committee == row.committee_id and role in roles and start <= day <= (end or day)
    }
    return RoundRow(
        round=row,
        asked=len(asked),
        answered=row.answer_count,  # type: ignore[attr-defined]
        is_asked=is_asked(user, row),
        has_answered=row.pk in mine,
    )


def meetings_for_rounds(user: Any) -> Any:
    """Meetings that can receive a round: the agenda is still open, and one runs them."""
    return (
        Meeting.objects.filter(
            committee__in=committees_where(user, {Role.SECRETARIAT}), state__in=AGENDA_OPEN
        )
        .select_related("committee")
        .order_by("starts_at")
    )


def items_for_round(row: InputRound) -> Any:
    """The items on the agenda that gets the answers."""
    return AgendaItem.objects.on_agenda().filter(meeting=row.meeting_id)
