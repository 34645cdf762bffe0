"""Acts on people: logins, appointments, and looking through their eyes."""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from committee import policies
from committee.enums import LEADERS, SEATED, Role
from committee.models import Committee, Membership, SeatGroup, User
from core.audit import record
from core.verdicts import Refused, StaleState


@transaction.atomic
def create_user(
    *,
    email: str,
    name: str,
    by: Any,
    username: str = "",
    title: str = "",
    password: str | None = None,
) -> User:
    """A person who can log in. Without a password they choose one by mail."""
    policies.can_create_user(by).require()
    if User.objects.filter(email__iexact=email).exists():
        raise Refused(_("Somebody already has this e-mail address."), field="email")
    fields = {"username": username} if username else {}
    user = User.objects.create_user(email, password, name=name, title=title, **fields)
    record("user.created", user, by=by)
    return user


@transaction.atomic
def appoint_member(
    *,
    committee: Committee,
    user: User,
    role: str,
    valid_from: date,
    by: Any,
    valid_to: date | None = None,
    seat_group: SeatGroup | None = None,
) -> Membership:
    """Give a person a role in a body from one day, perhaps to another."""
    policies.can_appoint_member(by, committee).require()
    lock(committee)
    membership = Membership(
        committee=committee,
        user=user,
        role=role,
        valid_from=valid_from,
        valid_to=valid_to,
        seat_group=seat_group,
    )
    check_appointment(membership)
    membership.save(force_insert=True)
    record("membership.appointed", membership, by=by, scope=committee, data=_facts(membership))
    return membership


@transaction.atomic
def lend_seat(*, seat: Membership, user: User, days: tuple[date, date], by: Any) -> Membership:
    """Let `user` be a member in the place of `seat` for these days; the caller says who may.

    Nobody gets an office this way: who stands in for the chair is a member.
    """
    lock(seat.committee)
    membership = Membership(
        committee=seat.committee,
        user=user,
        role=Role.MEMBER,
        valid_from=days[0],
        valid_to=days[1],
        seat_group=seat.seat_group,
    )
    check_appointment(membership)
    if _overlapping(membership).filter(user=user, role__in=LEADERS).exists():
        raise Refused(_("The person is a member of the committee already."), field="user")
    membership.save(force_insert=True)
    facts = _facts(membership) | {"for": seat.user_id}
    record("membership.appointed", membership, by=by, scope=seat.committee, data=facts)
    return membership


@transaction.atomic
def take_seat_back(*, membership: Membership, by: Any) -> None:
    """End a lent seat at once: the row goes, what it was stays in the protocol."""
    lock(membership.committee)
    facts = _facts(membership)
    record("membership.ended", membership, by=by, scope=membership.committee, data=facts)
    membership.delete()


def check_appointment(new: Membership) -> None:
    """Raise `Refused` with the sentence for the first thing that is wrong."""
    if new.valid_to and new.valid_to < new.valid_from:
        raise Refused(_("The last day is before the first."), field="valid_to")
    if not new.user.is_active:
        raise Refused(_("The person's login is closed. Open it first."), field="user")
    if new.seat_group and new.role not in SEATED:
        raise Refused(_("Only members sit in a seat group."), field="seat_group")
    if new.seat_group and new.seat_group.terms.committee_id != new.committee_id:
        raise Refused(_("The seat group belongs to another committee."), field="seat_group")
    same_role = _overlapping(new).filter(role=new.role)
    if same_role.filter(user=new.user).exists():
        raise Refused(_("The person already has this role in that period."), field="role")
    if new.role in LEADERS and same_role.exists():
        raise Refused(_("Somebody else has this office in that period."), field="role")


def _overlapping(new: Membership) -> QuerySet[Membership]:
    """The body's other memberships that share a day with `new`."""
    rows = Membership.objects.filter(committee=new.committee).exclude(pk=new.pk)
    rows = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=new.valid_from))
    return rows.filter(valid_from__lte=new.valid_to) if new.valid_to else rows


def _facts(membership: Membership) -> dict[str, Any]:
    return {
        "user": membership.user_id,
        "role": str(membership.role),
        "from": membership.valid_from.isoformat(),
        "to": membership.valid_to.isoformat() if membership.valid_to else None,
        "seat_group": membership.seat_group_id,
    }


@transaction.atomic
def change_membership(*, membership: Membership, by: Any) -> Membership:
    """Save an edited membership (administration), with what it was in the protocol."""
    policies.can_end_membership(by, membership).require()
    lock(membership.committee)
    before = Membership.objects.get(pk=membership.pk)
    check_appointment(membership)
    membership.save()
    record(
        "membership.changed",
        membership,
        by=by,
        scope=membership.committee,
        data={"before": _facts(before), "after": _facts(membership)},
    )
    return membership


@transaction.atomic
def end_membership(*, membership: Membership, last_day: date, by: Any) -> Membership:
    """The person has the role to the end of `last_day`; everything they did stays."""
    policies.can_end_membership(by, membership).require()
    if last_day < membership.valid_from:
        raise Refused(_("The last day is before the first."), field="last_day")
    unchanged = Membership.objects.filter(pk=membership.pk, valid_to=membership.valid_to)
    if membership.valid_to is None:
        unchanged = Membership.objects.filter(pk=membership.pk, valid_to__isnull=True)
    if not unchanged.update(valid_to=last_day):
        raise StaleState(
            _("The membership has been changed by somebody else. Nothing was changed.")
        )
    membership.valid_to = last_day
    record(
        "membership.ended", membership, by=by, scope=membership.committee, data=_facts(membership)
    )
    return membership


@transaction.atomic
def start_view_as(*, committee: Committee, person: User | None, by: Any) -> None:
    """Note that somebody looks through a person's (or a citizen's) eyes."""
    policies.can_view_as(by, committee).require()
    data = {"user": person.pk if person else None}
    record("view_as.started", committee, by=by, scope=committee, data=data)


def lock(committee: Committee) -> None:
    """One change of people or terms at a time in one body."""
    Committee.objects.select_for_update().get(pk=committee.pk)
