"""What “My work” is made from: fetched once, in a fixed number of queries, then only computed."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils import timezone

from committee.enums import READ_CLOSED, SEATED, SEE_DRAFTS, Role
from committee.models import roles_in, roles_of
from meetings.enums import (
    AGENDA_OPEN,
    DECIDING,
    AttendanceStatus,
    FollowUpState,
    MeetingState,
    RoundState,
    VersionKind,
)
from meetings.models import (
    AgendaItem,
    Attachment,
    Attendance,
    FollowUp,
    InputAnswer,
    InputRound,
    IssuedVersion,
    Meeting,
    MinutesApproval,
    Presence,
    PublicationRequest,
    ReadThrough,
    ReadThroughReader,
    ReopenRequest,
)

# How far ahead an agenda is work; the rest of the year plan only waits.
HORIZON = timedelta(days=30)


@dataclass
class Facts:
    """One person's meetings, rounds and read-throughs, with what is needed to judge them."""

    user: Any
    now: datetime
    since: datetime | None
    meetings: list[Meeting]
    rounds: list[InputRound]
    read_throughs: list[ReadThrough]
    follow_ups: list[FollowUp] = field(default_factory=list)
    items: dict[int, list[AgendaItem]] = field(default_factory=dict)

    def has_role(self, committee_id: int, roles: Iterable[Role]) -> bool:
        return bool(roles_in(self.user, committee_id) & frozenset(roles))

    def runs(self, committee_id: int) -> bool:
        """Is it the reader's work to move this committee's meetings on?"""
        return self.has_role(committee_id, {Role.SECRETARIAT})

    def is_new(self, moment: datetime | None) -> bool:
        """Did it happen since the reader last said that they had read the news?"""
        return moment is not None and (self.since is None or moment > self.since)

    @property
    def next_meeting(self) -> Meeting | None:
        coming = (meeting for meeting in self.meetings if _is_coming(meeting, self.now))
        return min(coming, key=lambda meeting: meeting.starts_at, default=None)


def _is_coming(meeting: Meeting, now: datetime) -> bool:
    return meeting.ends_at >= now and meeting.state != MeetingState.CANCELLED


def gather(user: Any, now: datetime | None = None) -> Facts:
    """Everything the page of `user` is computed from."""
    now = now or timezone.now()
    own = list(roles_of(user))
    meetings = list(_meetings(user, own)) if own else []
    facts = Facts(
        user=user,
        now=now,
        since=user.news_read_at,
        meetings=meetings,
        rounds=list(_rounds(user)) if own else [],
        read_throughs=list(_read_throughs(user, own)) if own else [],
        follow_ups=list(_follow_ups(user)) if own else [],
    )
    facts.items = _items(_worked_on(facts))
    return facts


def _meetings(user: Any, own: list[int]) -> QuerySet[Meeting]:
    """The meetings of one's own committees, with the reader's answer and the dates of issue."""

    def issued(kind: str) -> Subquery:
        rows = IssuedVersion.objects.filter(meeting=OuterRef("pk"), kind=kind)
        return Subquery(rows.order_by("-number").values("issued_at")[:1])

    answer = Attendance.objects.filter(meeting=OuterRef("pk"), member=user.pk)
    asked = PublicationRequest.objects.filter(
        meeting=OuterRef("pk"), approved_at__isnull=True, dropped_at__isnull=True
    )

    def asked_by(kind: str) -> Subquery:
        return Subquery(asked.filter(kind=kind).values("asked_by")[:1])

    said = MinutesApproval.objects.filter(
        version__meeting=OuterRef("pk"),
        version__number=OuterRef("minutes_version"),
        member=user.pk,
    )
    reopening = ReopenRequest.objects.filter(
        meeting=OuterRef("pk"), approved_at__isnull=True, dropped_at__isnull=True
    )
    was_there = Presence.objects.filter(meeting=OuterRef("pk"), member=user.pk)
    on_agenda = Q(items__removed_at__isnull=True)
    closed = on_agenda & Q(items__access="closed")
    return (
        Meeting.objects.visible_to(user)
        .filter(committee__in=own)
        .select_related("committee", "rule_profile")
        .annotate(
            my_answer=Subquery(answer.values("status")[:1]),
            agenda_issued_at=issued(VersionKind.AGENDA),
            minutes_issued_at=issued(VersionKind.MINUTES),
            has_approved=Exists(said),
            was_there=Exists(was_there),
            reopening_asked_by=Subquery(reopening.values("asked_by")[:1]),
            publication_asked_by=asked_by(VersionKind.MINUTES),
            agenda_asked_by=asked_by(VersionKind.AGENDA),
            item_count=Count("items", filter=on_agenda),
            closed_count=Count("items", filter=closed),
            released_item_count=Count("items", filter=on_agenda & Q(items__released=True)),
            released_closed_count=Count("items", filter=closed & Q(items__released=True)),
        )
        .order_by("starts_at")
    )


def _rounds(user: Any) -> QuerySet[InputRound]:
    mine = InputAnswer.objects.filter(round=OuterRef("pk"), author=user.pk)
    return (
        InputRound.objects.visible_to(user)
        .filter(state=RoundState.OPEN)
        .annotate(answer_count=Count("answers"), has_mine=Exists(mine))
        .order_by("closes_at")
    )


def _follow_ups(user: Any) -> QuerySet[FollowUp]:
    """The reader's own that are not done."""
    mine = FollowUp.objects.visible_to(user).filter(owner=user.pk, state=FollowUpState.OPEN)
    return mine.select_related("item__meeting__committee").order_by("due_on")


def _read_throughs(user: Any, own: list[int]) -> QuerySet[ReadThrough]:
    asked = ReadThroughReader.objects.filter(read_through=OuterRef("pk"), reader=user.pk)
    unread = Q(readers__done_at__isnull=True)
    return (
        ReadThrough.objects.filter(closed_at__isnull=True, meeting__committee__in=own)
        .defer("body")
        .annotate(
            waits_for_me=Exists(asked.filter(done_at__isnull=True)),
            reader_count=Count("readers", distinct=True),
            unread_count=Count("readers", filter=unread, distinct=True),
            unsettled_count=Count(
                "comments", filter=Q(comments__settled_at__isnull=True), distinct=True
            ),
        )
        .order_by("due_at")
    )


def _worked_on(facts: Facts) -> list[Meeting]:
    """The meetings whose items are looked into: those one builds or writes, and the next one."""
    soon = facts.now + HORIZON
    upcoming = facts.next_meeting
    return [
        meeting
        for meeting in facts.meetings
        if facts.has_role(meeting.committee_id, SEE_DRAFTS)
        and (
            meeting == upcoming
            or meeting.state in DECIDING
            or (meeting.state in AGENDA_OPEN and (meeting.item_count or meeting.agenda_due <= soon))  # type: ignore[attr-defined]
        )
    ]


def _items(meetings: list[Meeting]) -> dict[int, list[AgendaItem]]:
    """Their items with texts and attachments: three queries for any number of meetings."""
    if not meetings:
        return {}
    by_id = {meeting.pk: meeting for meeting in meetings}
    attached = Attachment.objects.attached().select_related("file")
    rows = AgendaItem.objects.on_agenda().filter(meeting__in=by_id)
    found: dict[int, list[AgendaItem]] = {pk: [] for pk in by_id}
    for item in rows.prefetch_related("texts", Prefetch("attachments", queryset=attached)):
        item.meeting = by_id[item.meeting_id]
        found[item.meeting_id].append(item)
    return found


def waits_for_answer(facts: Facts, meeting: Meeting) -> bool:
    """Has a seated reader not yet said whether they come?"""
    answer = meeting.my_answer  # type: ignore[attr-defined]
    return (
        meeting.state == MeetingState.ISSUED
        and meeting.starts_at > facts.now
        and facts.has_role(meeting.committee_id, SEATED)
        and answer in (None, AttendanceStatus.UNKNOWN)
    )


def waits_for_approval(facts: Facts, meeting: Meeting) -> bool:
    """Was a seated reader there, and have they not answered these minutes yet?"""
    answer = meeting.my_answer  # type: ignore[attr-defined]
    present = meeting.was_there or answer in AttendanceStatus.in_the_room()  # type: ignore[attr-defined]
    return (
        meeting.state == MeetingState.APPROVAL
        and facts.has_role(meeting.committee_id, SEATED)
        and present
        and not meeting.has_approved  # type: ignore[attr-defined]
    )


def reads_closed(facts: Facts, meeting: Meeting) -> bool:
    return facts.has_role(meeting.committee_id, READ_CLOSED)
