"""The case of whether a member is disqualified: raised, decided by the body, left and returned.

`votes` has the vote on it. From the moment it is raised the member is kept from the item.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, outbox
from core.verdicts import NotAllowed, Refused, StaleState
from meetings import policies
from meetings.enums import (
    CLOSED_RECORD,
    DisqualificationGround,
    DisqualificationSource,
    DisqualificationState,
    MeetingState,
)
from meetings.models import AgendaItem, Disqualification, Meeting, OutOfRoom, Sitting, VoteRound
from meetings.selectors.recusals import told_of
from meetings.services.locking import hold
from meetings.workflow import DISQUALIFICATION

SEND = "meetings.send_disqualification"
RAISED, SETTLED = "raised", "settled"
# A clock that runs a little ahead is not a mistake.
LEEWAY = timedelta(minutes=2)


@transaction.atomic
def declare_disqualified(
    *,
    item: AgendaItem,
    member: Any,
    grounds: str,
    by: Any,
    ground: str = "",
    own: bool = False,
) -> Disqualification:
    """Raise whether `member` is disqualified; they lose the item's closed papers at once.

    `own` says that the member told it and `by`, the secretariat, writes it down. Raises `Refused`
    without grounds, and about another while they vote on the item; `StaleState` when it is
    already raised.
    """
    # No vote is opened between the look and the case.
    hold(item.meeting)
    policies.can_declare_disqualified(member, item).require()
    if by != member:
        policies.can_raise_disqualification(by, item).require()
    if not grounds.strip():
        raise Refused(_("Write in a few words what the connection is."), "grounds")
    _require_known(ground)
    told = by == member or (own and bool(policies.can_edit_meeting(by, item.meeting)))
    source = DisqualificationSource.OWN if told else DisqualificationSource.OTHER
    if not told:
        _require_no_vote(item)
    try:
        with transaction.atomic():
            row = Disqualification.objects.create(
                item=item,
                member=member,
                grounds=grounds.strip()[:500],
                ground=ground,
                source=source,
                declared_by=by,
            )
    except IntegrityError as error:
        raise StaleState(_already(member, by)) from error
    _record(VERBS[source], row, by)
    if Sitting.objects.filter(item=item, ended_at__isnull=True).exists():
        leave_for(item, timezone.now())
    _follow_the_case(row, by)
    if source == DisqualificationSource.OTHER:
        _tell(row, RAISED, by)
    return row


def _require_no_vote(item: AgendaItem) -> None:
    """Nobody is kept from a vote that has begun by what another says of them."""
    if VoteRound.objects.on_item(item).open().exists():
        raise Refused(_("A vote is open on the item. Close it first, and ask then."))


def _already(member: Any, by: Any) -> str:
    if member == by:
        return _("It is already recorded that you may be disqualified.")
    return _("It is already recorded that %(name)s may be disqualified.") % {"name": member.name}


VERBS: dict[str, str] = {
    DisqualificationSource.OWN: "meetings.declare_disqualified",
    DisqualificationSource.OTHER: "meetings.raise_disqualification",
}


def _require_known(ground: str) -> None:
    if ground and ground not in DisqualificationGround.values:
        raise Refused(_("Choose a ground from the list."), "ground")


def _follow_the_case(row: Disqualification, by: Any) -> None:
    """The same case on a later agenda holds the same papers. Raises as a case raised there does."""
    heirs = AgendaItem.objects.filter(
        Q(carried_from=row.item_id) | Q(from_follow_up__item=row.item_id)
    ).exclude(disqualifications__in=_open_rows(row.member_id))
    for heir in heirs.select_related("meeting").order_by("meeting__starts_at", "pk"):
        hold(heir.meeting)
        if row.source == DisqualificationSource.OTHER:
            _require_no_vote(heir)
        _follow_the_case(inherit(row, heir, by), by)


def inherit(row: Disqualification, item: AgendaItem, by: Any) -> Disqualification:
    """The same question on the item that the matter lives on in; the body decides it anew."""
    copied = Disqualification.objects.create(
        item=item,
        member_id=row.member_id,
        source=row.source,
        ground=row.ground,
        grounds=row.grounds,
        declared_at=row.declared_at,
        declared_by_id=row.declared_by_id,
        origin=row,
    )
    data = {"member": row.member_id, "from_item": row.item_id}
    audit.record("meetings.declare_disqualified", item, by=by, scope=item.meeting, data=data)
    return copied


def _open_rows(member_id: int) -> QuerySet[Disqualification]:
    return Disqualification.objects.filter(member=member_id, lifted_at__isnull=True)


def settle(
    *, case: Disqualification, upheld: bool, by: Any, ground: str = "", reason: str = ""
) -> None:
    """Carry out what the body decided; the caller has asked whether it may.

    Raises `StaleState` when it is decided already, `Refused` for an unknown ground.
    """
    _require_known(ground)
    now = timezone.now()
    changes: dict[str, Any] = {"settled_at": now, "settled_by": by, "late_reason": reason[:300]}
    if ground:
        changes["ground"] = ground
    if upheld:
        DISQUALIFICATION.apply(case, "uphold", **changes)
    else:
        DISQUALIFICATION.apply(case, "dismiss", lifted_at=now, **changes)
        _readmit(case, by, now)
    verb = "uphold_disqualification" if upheld else "lift_disqualification"
    _record(f"meetings.{verb}", case, by, late=bool(reason))
    _tell(case, SETTLED, by)


def _readmit(case: Disqualification, by: Any, now: datetime) -> None:
    """Found impartial: the member may come back, and the matter's later items follow."""
    if case.item.meeting.state == MeetingState.IN_SESSION:
        _come_back(Disqualification.objects.filter(pk=case.pk), case.item.meeting, now)
    heirs = case.heirs.filter(state=DisqualificationState.RAISED).exclude(
        Q(item__meeting__state__in=CLOSED_RECORD) | Q(rounds__in=VoteRound.objects.open())
    )
    for heir in heirs.select_related("item__meeting"):
        settle(case=heir, upheld=False, by=by)


@transaction.atomic
def settle_late(
    *, case: Disqualification, upheld: bool, by: Any, reason: str, ground: str = ""
) -> None:
    """Write down after the meeting what the body decided in it. Raises `Refused` without why,
    `NotAllowed` while the meeting is on.
    """
    case.item.meeting = Meeting.objects.select_for_update().get(pk=case.item.meeting_id)
    policies.can_settle_disqualification(by, case).require()
    if case.item.meeting.state == MeetingState.IN_SESSION:
        # There it is decided with a quorum, and its vote can be open.
        raise NotAllowed(
            _("The committee decides in the meeting whether a member is disqualified.")
        )
    _require_known(ground)
    if not reason.strip():
        raise Refused(_("Write why it is written down after the meeting."), "reason")
    settle(case=case, upheld=upheld, by=by, ground=ground, reason=reason.strip())


# Left and returned ------------------------------------------------------------------------


def leave_for(item: AgendaItem, moment: datetime) -> None:
    """The item is on the table: those kept from it who are in the meeting leave the room."""
    rows = item.disqualifications.filter(lifted_at__isnull=True, member__in=_here(item.meeting))
    inside = rows.exclude(times_out__in=OutOfRoom.objects.filter(returned_at__isnull=True))
    OutOfRoom.objects.bulk_create(OutOfRoom(case=row, left_at=moment) for row in inside)


def come_back_from(items: list[int], meeting: Meeting, moment: datetime) -> None:
    """The items are off the table: those who left for them come back."""
    rows = Disqualification.objects.filter(item__in=items, lifted_at__isnull=True)
    _come_back(rows, meeting, moment)


def _come_back(rows: QuerySet[Disqualification], meeting: Meeting, moment: datetime) -> None:
    away = OutOfRoom.objects.filter(case__in=rows, returned_at__isnull=True)
    away.filter(case__member__in=_here(meeting)).update(returned_at=moment)


def _here(meeting: Meeting) -> list[int]:
    stays = meeting.presences.filter(left_at__isnull=True)
    return list(stays.values_list("member_id", flat=True))


@transaction.atomic
def correct_times(
    *,
    case: Disqualification,
    left_at: datetime | None,
    returned_at: datetime | None,
    by: Any,
    time_out: OutOfRoom | None = None,
) -> None:
    """Write when the member left and came back: anew, or one of the times they were out.

    Without times they were not out then. Raises `Refused` for impossible times.
    """
    meeting = Meeting.objects.select_for_update().get(pk=case.item.meeting_id)
    case.item.meeting = meeting
    policies.can_settle_disqualification(by, case).require()
    _require_inside(meeting, "left", left_at)
    _require_inside(meeting, "returned", returned_at)
    if returned_at and (left_at is None or returned_at < left_at):
        raise Refused(_("The member cannot come back before they left."), "returned")
    if left_at is not None:
        row = time_out or OutOfRoom(case=case)
        row.left_at, row.returned_at = left_at, returned_at
        _require_apart(row)
        row.save()
    elif time_out is not None:
        time_out.delete()
    _record("meetings.time_disqualification", case, by)


def _require_apart(row: OutOfRoom) -> None:
    """The times that a member was out follow each other."""
    others = OutOfRoom.objects.filter(case=row.case_id).exclude(pk=row.pk)
    meets = others.filter(Q(returned_at__isnull=True) | Q(returned_at__gt=row.left_at))
    if row.returned_at is not None:
        meets = meets.filter(left_at__lt=row.returned_at)
    if meets.exists():
        raise Refused(_("The member was already out of the room at that time."), "left")


def _require_inside(meeting: Meeting, field: str, moment: datetime | None) -> None:
    if moment is None:
        return
    last = meeting.held_to or timezone.now() + LEEWAY
    if meeting.held_from is None or not meeting.held_from <= moment <= last:
        raise Refused(_("The time is outside the meeting."), field)


# Word of it -------------------------------------------------------------------------------


def _record(verb: str, row: Disqualification, by: Any, **data: Any) -> None:
    facts = {"member": row.member_id} | {key: value for key, value in data.items() if value}
    audit.record(verb, row.item, by=by, scope=row.item.meeting, data=facts)


def _tell(row: Disqualification, occasion: str, by: Any) -> None:
    """A mail to the member and to who leads the meeting; not to who did it."""
    for pk in told_of(row) - {by.pk}:
        outbox.enqueue(
            kind=SEND,
            key=f"disqualification:{row.pk}:{occasion}:{pk}",
            payload={"disqualification": row.pk, "user": pk, "occasion": occasion},
            by=by.pk,
        )
