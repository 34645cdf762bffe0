"""Who is told of what happens to a case. Only ids go into the queue.

Whether somebody may still read the case is asked again when the mail goes out.
"""

from collections.abc import Iterable
from typing import Any

from core import outbox
from usecases.models import CaseFollow, CaseReading, Comment, UseCase

SEND = "usecases.send_notice"
COMMENTED = "commented"
MENTIONED = "mentioned"
REVISED = "revised"
MERGED = "merged"
SPLIT = "split"


def listeners(case: UseCase) -> set[int]:
    """Those who follow the case: who said so or has commented, the proposer and the owner."""
    rows = dict(CaseFollow.objects.filter(case=case).values_list("user", "follows"))
    own = {pk for pk in (case.proposer_id, case.owner_id) if pk}
    return {pk for pk, follows in rows.items() if follows} | (own - rows.keys())


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


def _tell(case: UseCase, what: str, mark: str, by: Any, **facts: int) -> None:
    own = by.pk if by is not None else None
    for pk in sorted(listeners(case) - {own}):
        _queue(case, pk, what, mark, own, **facts)


def _queue(case: UseCase, user: int, what: str, mark: str, by: int | None, **facts: int) -> None:
    outbox.enqueue(
        kind=SEND,
        key=f"case:{case.pk}:{what}:{mark}:{user}",
        payload={"case": case.pk, "user": user, "what": what, **facts},
        by=by,
    )
