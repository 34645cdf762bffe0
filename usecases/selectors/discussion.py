"""The discussion of a case, a page at a time, as its reader may see it.

However long it grows, a page is a fixed number of queries: a page of first comments, the newest
answers of each, one row for how far the reader has read, and counts.
"""

from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Count, Max, OuterRef, Prefetch, Q, Subquery
from django.urls import reverse

from core.diffs import Piece, word_diff
from core.numbers import page_number
from usecases import policies
from usecases.models import CaseFollow, CaseReading, Comment, UseCase
from usecases.models.discussion import CommentQuerySet
from usecases.record import record
from usecases.selectors.page import Section
from usecases.selectors.readers import readers_of
from usecases.selectors.reading import seen_until

THREADS_PER_PAGE = 20
REPLIES_SHOWN = 10
REPLIES_PER_PAGE = 50
THREADS_ON_CASE = 4
REPLIES_ON_CASE = 2


@dataclass
class Entry:
    """A comment with what its reader may do to it."""

    comment: Comment
    is_new: bool
    may_edit: bool
    may_remove: bool
    section: str = ""
    replies: list["Entry"] = field(default_factory=list)
    # Answers that stand on the thread's own page only.
    hidden: int = 0


@dataclass(frozen=True)
class Pages:
    """Where one is among the pages of first comments."""

    number: int
    count: int

    @property
    def previous(self) -> int:
        return self.number - 1 if self.number > 1 else 0

    @property
    def next(self) -> int:
        return self.number + 1 if self.number < self.count else 0


@dataclass(frozen=True)
class Look:
    """One reader before one discussion."""

    user: Any
    case: UseCase
    seen: int
    newest: int
    total: int
    new: int
    first_new: int


def look(user: Any, case: UseCase) -> Look:
    """How much there is, and how much of it is new to `user`."""
    rows = Comment.objects.filter(case=case)
    row = CaseReading.objects.filter(case=case, user=user).first()
    seen = seen_until(row)
    facts = rows.aggregate(
        newest=Max("number"),
        total=Count("pk", filter=Q(removed_at__isnull=True)),
    )
    unread = rows.since(seen, user).order_by("number").values_list("number", flat=True)
    first, count = unread.first(), unread.count()
    return Look(user, case, seen, facts["newest"] or 0, facts["total"], count, first or 0)


def _with_people(rows: CommentQuerySet) -> CommentQuerySet:
    return rows.with_text().select_related("author", "removed_by")


def threads(seen: Look, roots: CommentQuerySet, start: int, stop: int, replies: int) -> list[Entry]:
    """First comments from `start` to `stop`, each with its newest `replies` answers."""
    newest = _with_people(Comment.objects.order_by("-number"))[:replies]
    page = (
        _with_people(roots.order_by("number"))
        .annotate(answers=Subquery(_answers()))
        .prefetch_related(Prefetch("replies", queryset=newest, to_attr="newest_replies"))
    )
    return [_thread(seen, row) for row in page[start:stop]]


def _answers() -> Any:
    """How many answers a first comment has, counted beside it."""
    rows = Comment.objects.filter(parent=OuterRef("pk")).order_by().values("parent")
    return rows.annotate(n=Count("pk")).values("n")


def _thread(seen: Look, row: Any) -> Entry:
    entry = entry_of(seen, row)
    entry.replies = [entry_of(seen, reply) for reply in reversed(row.newest_replies)]
    entry.hidden = (row.answers or 0) - len(entry.replies)
    return entry


def entry_of(seen: Look, row: Comment) -> Entry:
    # The same row of the case for all: its roles are asked once.
    row.case = seen.case
    return Entry(
        comment=row,
        is_new=row.number > seen.seen and not row.removed_at and row.author_id != seen.user.pk,
        may_edit=bool(policies.can_edit_comment(seen.user, row)),
        may_remove=bool(policies.can_remove_comment(seen.user, row)),
        section=section_heading(row.section),
    )


def shown_until(seen: Look, entries: list[Entry]) -> int:
    """The number up to which nothing new is missing on this page."""
    here = {one.comment.number for entry in entries for one in (entry, *entry.replies)}
    rows = Comment.objects.filter(case=seen.case).since(seen.seen, seen.user)
    missing = rows.exclude(number__in=here).order_by("number").values_list("number", flat=True)
    first = missing.first()
    return first - 1 if first else seen.newest


def section_heading(key: str) -> str:
    return next((part.heading for part in record().sections if part.key == key), "")


def discussion_page(
    user: Any, case: UseCase, *, section: str = "", page: str = "", comment: int = 0
) -> dict[str, Any]:
    """One page of the discussion: the one asked for, that of `comment`, that of what is new."""
    seen = look(user, case)
    roots = Comment.objects.filter(case=case, parent__isnull=True)
    if section:
        roots = roots.filter(section=section)
    count = roots.count()
    pages = -(-count // THREADS_PER_PAGE) or 1
    number = _page_number(seen, roots, page, comment, pages)
    start = (number - 1) * THREADS_PER_PAGE
    found = threads(seen, roots, start, start + THREADS_PER_PAGE, REPLIES_SHOWN)
    return _shared(seen, found) | {
        "pages": Pages(number, pages),
        "section": section,
        "section_heading": section_heading(section),
        "parts": section_counts(case),
    }


def _page_number(seen: Look, roots: CommentQuerySet, page: str, comment: int, pages: int) -> int:
    if asked := page_number(page, pages, 0):
        return asked
    wanted = comment or seen.first_new
    if not wanted:
        return pages
    row = Comment.objects.filter(case=seen.case, number=wanted).select_related("parent").first()
    first = (row.parent or row).number if row else 0
    before = roots.filter(number__lt=first).count()
    return max(1, min(before // THREADS_PER_PAGE + 1, pages))


def thread_page(user: Any, case: UseCase, root: Comment, page: str = "") -> dict[str, Any]:
    """One thread with all its answers, a page at a time."""
    seen = look(user, case)
    rows = Comment.objects.filter(parent=root)
    count = rows.count()
    pages = -(-count // REPLIES_PER_PAGE) or 1
    number = page_number(page, pages, pages)
    start = (number - 1) * REPLIES_PER_PAGE
    found = _with_people(rows.order_by("number"))[start : start + REPLIES_PER_PAGE]
    entry = entry_of(seen, _with_people(Comment.objects.all()).get(pk=root.pk))
    entry.replies = [entry_of(seen, row) for row in found]
    return _shared(seen, [entry]) | {"pages": Pages(number, pages), "thread": root}


def case_rail(user: Any, case: UseCase) -> dict[str, Any]:
    """What stands beside the case itself: the newest threads."""
    seen = look(user, case)
    roots = Comment.objects.filter(case=case, parent__isnull=True)
    count = roots.count()
    found = threads(seen, roots, max(0, count - THREADS_ON_CASE), count, REPLIES_ON_CASE)
    return _shared(seen, found) | {"parts": section_counts(case)}


def _shared(seen: Look, entries: list[Entry]) -> dict[str, Any]:
    verdict = policies.can_comment(seen.user, seen.case)
    is_open = policies.is_open_to_comments(seen.case)
    return {
        "threads": entries,
        "look": seen,
        "shown": shown_until(seen, entries) if seen.new else seen.newest,
        "can_comment": verdict,
        "why_closed": "" if is_open else is_open.reason,
        "follows": is_following(seen.user, seen.case),
        "readers": readers_of(seen.case) if verdict else [],
    }


def is_following(user: Any, case: UseCase) -> bool:
    row = CaseFollow.objects.filter(case=case, user=user).first()
    return row.follows if row else user.pk in (case.proposer_id, case.owner_id)


def section_counts(case: UseCase) -> list[dict[str, Any]]:
    """Each part of the record with how much has been said of it."""
    rows = Comment.objects.filter(case=case, removed_at__isnull=True).exclude(section="")
    found = dict(rows.values_list("section").annotate(n=Count("pk")).order_by())
    return [
        {"key": part.key, "heading": part.heading, "count": found.get(part.key, 0)}
        for part in record().sections
    ]


def with_talk(sections: list[Section], parts: list[dict[str, Any]], case: UseCase) -> list[Section]:
    """The parts of the case's page, each with how much has been said of it and where."""
    counts = {part["key"]: part["count"] for part in parts}
    url = reverse("usecases:case_discussion", args=[case.pk])
    return [
        replace(one, talk=counts.get(one.key, 0), talk_url=f"{url}?afsnit={one.key}#skriv")
        for one in sections
    ]


# What a comment said ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Version:
    """What was written, and how it came from what stood before."""

    number: int
    at: Any
    pieces: list[Piece]


def versions_of(comment: Comment) -> list[Version]:
    """Newest first; the first version is all new, so it is shown plainly."""
    found, before = [], None
    for row in comment.versions.order_by("number"):
        pieces = [Piece("same", row.text)] if before is None else word_diff(before, row.text)
        found.append(Version(row.number, row.at, pieces))
        before = row.text
    return found[::-1]
