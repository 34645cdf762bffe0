"""Who is told of what happens to a case. Only ids go into the queue.

Whether somebody may still read the case is asked again when the mail goes out.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils import timezone

from committee.enums import Role
from committee.models import Membership
from core import outbox
from usecases.enums import Status
from usecases.models import CaseFollow, CaseReading, Comment, StatusChange, UseCase

SEND = "usecases.send_notice"
COMMENTED = "commented"
MENTIONED = "mentioned"
REVISED = "revised"
MERGED = "merged"
SPLIT = "split"
SUBMITTED = "submitted"
MOVED = "moved"
PILOT_ENDS = "pilot_ends"
LAPSES = "lapses"
# The moves that those concerned hear of by mail.
TOLD_MOVES = frozenset(
    {
        *("approve_pilot", "approve_operation", "reject"),
        *("suspend", "resume_pilot", "resume_operation", "lapse"),
    }
)
# Who hears of it beside, or instead of, those who follow the case.
TO_SECRETARIAT = frozenset({SUBMITTED, MOVED, PILOT_ENDS, LAPSES})
NOT_TO_FOLLOWERS = frozenset({SUBMITTED, PILOT_ENDS, LAPSES})


def listeners(case: UseCase) -> set[int]:
    """Those who follow the case: who said so or has commented, the proposer and the owner."""
    rows = dict(CaseFollow.objects.filter(case=case).values_list("user", "follows"))
    own = {pk for pk in (case.proposer_id, case.owner_id) if pk}
    return {pk for pk, follows in rows.items() if follows} | (own - rows.keys())


def secretariat_of(case: UseCase) -> set[int]:
    rows = Membership.objects.filter(committee=case.committee_id, role=Role.SECRETARIAT).active()
    return set(rows.values_list("user", flat=True))


def audience(case: UseCase, what: str) -> set[int]:
    """Everybody whom it concerns; asked when it happens and again when the mail goes out.

    The one who answers for the case hears of what must be done, also after saying that they do
    not want to follow the discussion.
    """
    found = set() if what in NOT_TO_FOLLOWERS else listeners(case)
    if what in TO_SECRETARIAT:
        found |= secretariat_of(case)
    if what in (PILOT_ENDS, LAPSES) and case.owner_id:
        found.add(case.owner_id)
    return found


def still_holds(case: UseCase, what: str, payload: outbox.Payload) -> bool:
    """Is what the mail would say still so?"""
    if what == SUBMITTED:
        return case.status == Status.SUBMITTED
    if what == PILOT_ENDS:
        return case.status == Status.PILOT and _is_day(case.pilot_end, payload)
    if what == LAPSES:
        approved = (Status.APPROVED_FOR_PILOT, Status.APPROVED_FOR_OPERATION)
        return case.status in approved and _is_day(case.decision_expires, payload)
    return True


def _is_day(day: date | None, payload: outbox.Payload) -> bool:
    return day is not None and day.toordinal() == payload["day"] and day >= timezone.localdate()


def follow_unless_refused(case: UseCase, users: Iterable[int]) -> None:
    """Let them follow, but for those who have said that they do not want to."""
    rows = [CaseFollow(case=case, user_id=pk) for pk in users]
    CaseFollow.objects.bulk_create(rows, ignore_conflicts=True)


def tell_comment(comment: Comment, mentioned: set[int]) -> None:
    """The mentioned each time; the others once until they have looked again."""
    tell_mentioned(comment, mentioned)
    others = listeners(comment.case) - mentioned - {comment.author_id}
    shown = dict(CaseReading.objects.filter(case=comment.case).values_list("user", "shown_until"))
    for pk in sorted(others):
        since = shown.get(pk, 0)
        _queue(comment.case, pk, COMMENTED, f"{since}", comment.author_id, comment=comment.pk)


def tell_mentioned(comment: Comment, mentioned: set[int]) -> None:
    for pk in sorted(mentioned - {comment.author_id}):
        _queue(comment.case, pk, MENTIONED, f"{comment.pk}", comment.author_id, comment=comment.pk)


def tell_revision(case: UseCase, by: Any) -> None:
    """The text that people have commented on is another now."""
    if not Comment.objects.filter(case=case).exists():
        return
    _tell(case, REVISED, f"{case.revision}", by, number=case.revision)


def tell_merge(case: UseCase, into: UseCase, by: Any) -> None:
    """Those of both cases, each once and about the one that they follow and may read."""
    own = listeners(case)
    for pk in sorted((own | listeners(into)) - {by.pk}):
        about, other = (case, into) if pk in own else (into, case)
        _queue(about, pk, MERGED, f"{other.pk}", by.pk, other=other.pk)


def tell_split(origin: UseCase, part: UseCase, by: Any) -> None:
    _tell(origin, SPLIT, f"{part.pk}", by)


def tell_move(case: UseCase, change: StatusChange, by: Any) -> None:
    """The secretariat hears of what was submitted, those concerned of what was decided."""
    if change.move == "submit":
        _tell(case, SUBMITTED, f"{change.pk}", by)
    elif change.move in TOLD_MOVES:
        _tell(case, MOVED, f"{change.pk}", by, change=change.pk)


def _tell(case: UseCase, what: str, mark: str, by: Any, **facts: int) -> None:
    own = by.pk if by is not None else None
    for pk in sorted(audience(case, what) - {own}):
        _queue(case, pk, what, mark, own, **facts)


def notice_key(case: UseCase, what: str, mark: str, user: int) -> str:
    return f"case:{case.pk}:{what}:{mark}:{user}"


def reminder_mark(day: date, distance: int) -> str:
    return f"{day.isoformat()}-{distance}"


def queue_reminder(case: UseCase, user: int, what: str, day: date, distance: int) -> None:
    """One mail about a day that is near; the day goes along as a number."""
    mark = reminder_mark(day, distance)
    _queue(case, user, what, mark, None, day=day.toordinal(), distance=distance)


def _queue(case: UseCase, user: int, what: str, mark: str, by: int | None, **facts: int) -> None:
    outbox.enqueue(
        kind=SEND,
        key=notice_key(case, what, mark, user),
        payload={"case": case.pk, "user": user, "what": what, **facts},
        by=by,
    )
