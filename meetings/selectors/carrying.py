"""What the next meeting can take over: postponed items, and follow-ups that are overdue."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from core.verdicts import Verdict
from meetings.enums import AGENDA_OPEN, HELD, Outcome
from meetings.models import AgendaItem, FollowUp, Meeting

SHOWN = 10


@dataclass(frozen=True)
class Proposals:
    """What the secretariat is offered on the next meeting's agenda page."""

    postponed: int
    overdue: list[FollowUp]
    overdue_count: int

    def __bool__(self) -> bool:
        return bool(self.postponed or self.overdue_count)

    @property
    def more(self) -> int:
        return self.overdue_count - len(self.overdue)


NONE = Proposals(0, [], 0)


def next_open_meeting(meeting: Meeting) -> Meeting | None:
    """The committee's next meeting after `meeting` whose agenda can still be changed."""
    return _open_meetings(meeting.committee_id).filter(starts_at__gt=meeting.starts_at).first()


def _open_meetings(committee_id: int) -> Any:
    coming = Meeting.objects.upcoming(timezone.now()).order_by("starts_at")
    return coming.filter(committee=committee_id, state__in=AGENDA_OPEN)


def postponed_for(meeting: Meeting) -> Any:
    """Postponed items of earlier meetings that no agenda has taken over yet, oldest first."""
    carried = AgendaItem.objects.filter(carried_from=OuterRef("pk"), removed_at__isnull=True)
    return AgendaItem.objects.filter(
        ~Exists(carried),
        outcome=Outcome.POSTPONED,
        removed_at__isnull=True,
        meeting__committee=meeting.committee_id,
        meeting__state__in=HELD,
        meeting__starts_at__lt=meeting.starts_at,
    ).order_by("meeting__starts_at", "position")


def overdue_for(user: Any, meeting: Meeting) -> Any:
    """Overdue follow-ups of the committee that no agenda has taken up yet."""
    raised = AgendaItem.objects.filter(from_follow_up=OuterRef("pk"), removed_at__isnull=True)
    return (
        FollowUp.objects.visible_to(user)
        .overdue()
        .filter(~Exists(raised), in_body(meeting.committee_id))
    )


def in_body(committee_id: int) -> Q:
    """Follow-ups that the body sees to now."""
    own = Q(handed_to__isnull=True, item__meeting__committee=committee_id)
    return own | Q(handed_to=committee_id)


def proposals(user: Any, meeting: Meeting, can_edit: Verdict) -> Proposals:
    """For the next open meeting only, and only for those who build its agenda."""
    if not can_edit or meeting.state not in AGENDA_OPEN:
        return NONE
    if _open_meetings(meeting.committee_id).values_list("pk", flat=True).first() != meeting.pk:
        return NONE
    overdue = overdue_for(user, meeting)
    rows = overdue.select_related("item__meeting", "owner").order_by("due_on", "pk")
    return Proposals(postponed_for(meeting).count(), list(rows[:SHOWN]), overdue.count())


def provenance(user: Any, item: AgendaItem) -> dict[str, Any] | None:
    """The item that this one was carried from, as a reader may follow it; else None."""
    if item.carried_from_id is None:
        return None
    old = AgendaItem.objects.visible_to(user).select_related("meeting")
    source = old.filter(pk=item.carried_from_id).first()
    if source is None:
        return None
    return {"number": source.meeting.number, "url": source.get_absolute_url()}


def carried_along(meeting: Meeting) -> dict[int, AgendaItem]:
    """Old item → the item it became at a later meeting."""
    rows = AgendaItem.objects.filter(carried_from__meeting=meeting, removed_at__isnull=True)
    return {int(row.carried_from_id or 0): row for row in rows.select_related("meeting")}
