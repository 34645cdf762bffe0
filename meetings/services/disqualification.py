"""A member declares, or is declared, disqualified from an item."""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.verdicts import NotAllowed, Refused, StaleState
from meetings import policies
from meetings.models import AgendaItem, Disqualification


@transaction.atomic
def declare_disqualified(
    *, item: AgendaItem, member: Any, grounds: str, by: Any
) -> Disqualification:
    """The member loses the item's closed papers from the next request.

    Raises `Refused` without grounds, `StaleState` when it is already declared.
    """
    policies.can_declare_disqualified(member, item).require()
    if by != member and not policies.can_lift_disqualification(by, item):
        raise NotAllowed(_("You can only declare yourself disqualified."))
    if not grounds.strip():
        raise Refused(_("Write in a few words what the connection is."), "grounds")
    try:
        with transaction.atomic():
            row = Disqualification.objects.create(
                item=item, member=member, grounds=grounds.strip(), declared_by=by
            )
    except IntegrityError as error:
        raise StaleState(_("It is already recorded that you may be disqualified.")) from error
    audit.record(
        "meetings.declare_disqualified",
        item,
        by=by,
        scope=item.meeting,
        data={"member": member.pk},
    )
    _follow_the_case(row, by)
    return row


def _follow_the_case(row: Disqualification, by: Any) -> None:
    """The same case on a later agenda holds the same papers."""
    heirs = AgendaItem.objects.filter(
        Q(carried_from=row.item_id) | Q(from_follow_up__item=row.item_id)
    ).exclude(disqualifications__in=_open_rows(row.member_id))
    for heir in heirs.select_related("meeting"):
        copied = Disqualification.objects.create(
            item=heir, member=row.member, grounds=row.grounds, declared_by=row.declared_by
        )
        data = {"member": row.member_id, "from": row.item_id}
        audit.record("meetings.declare_disqualified", heir, by=by, scope=heir.meeting, data=data)
        _follow_the_case(copied, by)


def _open_rows(member_id: int) -> QuerySet[Disqualification]:
    return Disqualification.objects.filter(member=member_id, lifted_at__isnull=True)


@transaction.atomic
def lift_disqualification(*, row: Disqualification, by: Any) -> None:
    """The body found the member impartial; the papers are back on the next request."""
    policies.can_lift_disqualification(by, row.item).require()
    lifted = Disqualification.objects.filter(pk=row.pk, lifted_at__isnull=True).update(
        lifted_at=timezone.now()
    )
    if lifted:
        audit.record(
            "meetings.lift_disqualification",
            row.item,
            by=by,
            scope=row.item.meeting,
            data={"member": row.member_id},
        )
