"""Follow-ups as somebody may read them: in lists, on an item, in the minutes."""

from collections import defaultdict
from typing import Any

from django.db.models import Q
from django.utils import timezone

from committee.enums import INSIDERS, READ_CLOSED
from committee.models import Committee, Membership, User
from meetings import policies
from meetings.enums import FollowUpState
from meetings.models import AgendaItem, FollowUp, Meeting

OPEN, CLOSED = "open", "done"


def possible_owners(item: AgendaItem) -> Any:
    """Those who belong to the committee now; of a closed item, those who read it in full."""
    roles = READ_CLOSED if item.is_closed else INSIDERS
    memberships = Membership.objects.active_on(timezone.localdate()).filter(
        committee=item.meeting.committee_id, role__in=roles
    )
    people = User.objects.filter(pk__in=memberships.values("user"), is_active=True)
    if item.is_closed:
        recused = item.disqualifications.filter(lifted_at__isnull=True)
        people = people.exclude(pk__in=recused.values("member"))
    return people.order_by("name")


def follow_up_list(user: Any, committee: Committee | None, which: str) -> dict[str, Any]:
    """The committee's follow-ups that `user` may see, the most urgent first."""
    own = Q(item__meeting__committee=committee) | Q(handed_to=committee)
    rows = FollowUp.objects.visible_to(user).filter(own)
    closed = which == CLOSED
    shown = rows.exclude(state=FollowUpState.OPEN) if closed else rows.filter(state="open")
    return {
        "committee": committee,
        "rows": list(with_people(shown).most_urgent_first()),
        "overdue_count": rows.overdue().count(),
        "which": CLOSED if closed else OPEN,
    }


def with_people(rows: Any) -> Any:
    return rows.select_related("item__meeting__committee", "owner", "handed_to")


def of_meeting(user: Any, meeting: Meeting) -> dict[int, list[FollowUp]]:
    """Item → its follow-ups that `user` may see."""
    found: dict[int, list[FollowUp]] = defaultdict(list)
    rows = FollowUp.objects.visible_to(user).filter(item__meeting=meeting)
    for row in with_people(rows).order_by("pk"):
        found[row.item_id].append(row)
    return found


def of_item(user: Any, item: AgendaItem) -> list[FollowUp]:
    """Those of one item; citizens have none and cost nothing."""
    if not policies.is_insider(user, item.meeting):
        return []
    rows = FollowUp.objects.visible_to(user).filter(item=item)
    return list(with_people(rows).order_by("pk"))


def follow_up_page(user: Any, row: FollowUp) -> dict[str, Any]:
    """One follow-up with its history and what `user` may do with it."""
    raised = AgendaItem.objects.visible_to(user).filter(from_follow_up=row)
    items = AgendaItem.objects.visible_to(user)
    return {
        "row": row,
        "reads_item": policies.reads_item(user, row.item),
        "opens_item": items.filter(pk=row.item_id).exists(),
        "item": row.item,
        "meeting": row.item.meeting,
        "notes": list(row.notes.select_related("written_by")),
        "can_report": policies.can_report_progress(user, row),
        "can_manage": policies.can_manage_follow_up(user, row),
        "raised": raised.select_related("meeting").first(),
    }
