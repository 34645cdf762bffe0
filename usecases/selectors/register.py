"""The register: which rows a question finds, and how many each further choice would give.

Every row and every figure comes from `visible_to`. Of a case whose title alone is public, only
number, title and status count: no filter, figure or word finds what its reader may not read.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    F,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Lower
from django.utils.translation import gettext as _

from committee.enums import Role
from committee.models import committees_where
from usecases.enums import TITLE_ONLY, Status, TokenPart
from usecases.filters import DEFAULT_SORT, MERGED, NAMES, NONE, Filters, choices
from usecases.models import CaseMerge, CaseWord, Comment, UseCase
from usecases.models.cases import readable_to
from usecases.stems import stems

# Not shown before somebody asks for them.
LEFT_OUT = (Status.DRAFT, Status.WITHDRAWN)
# What a row of a list shows or decides by; the long texts stay in the database.
LISTED = (
    *("reference", "committee", "status", "status_since", "submitted_at", "title"),
    *("municipality", "field", "target_group", "risk_tier", "proposer", "owner", "is_example"),
    "handed_on",
    *("committee__name", "committee__is_public", "merged_into"),
    *(
        f"merged_into__{name}"
        for name in (
            *("reference", "title", "status", "submitted_at", "proposer", "owner"),
            *("committee", "committee__name", "committee__is_public", "handed_on"),
        )
    ),
)
USUAL = frozenset(str(value) for value in Status.values) - frozenset(LEFT_OUT)
COLUMNS = tuple(NAMES)
Values = tuple[str | None, ...]
STATUS_ORDER = [str(value) for value in Status.values]


def find(user: Any, filters: Filters) -> QuerySet[UseCase]:
    """The rows that answer the question, in its order."""
    seen = UseCase.objects.visible_to(user)
    if filters.asks_hidden:
        seen = UseCase.objects.readable_by(user)
    rows = _narrow(_scope(seen, user, filters), filters)
    if not filters.status:
        rows = _usual(rows, filters)
    return _with_words(rows, user, filters.text).order_by(*_order(filters.sort))


def listed(rows: QuerySet[UseCase]) -> QuerySet[UseCase]:
    """The rows with what a list shows, and nothing that is long."""
    return rows.select_related("committee", "merged_into__committee").only(*LISTED)


def page_rows(found: QuerySet[UseCase], filters: Filters) -> QuerySet[UseCase]:
    """The rows of one page (a slice of what was found), each with how many comments stand.

    The page is chosen first: else the comments of all that is sorted would be counted.
    """
    rows = UseCase.objects.filter(pk__in=found.values("pk")).order_by(*_order(filters.sort))
    standing = Comment.objects.standing().filter(case=OuterRef("pk")).order_by().values("case")
    counted = Subquery(standing.annotate(n=Count("pk")).values("n"))
    return listed(rows).annotate(comment_count=Coalesce(counted, 0))


def _scope(seen: QuerySet[UseCase], user: Any, filters: Filters) -> QuerySet[UseCase]:
    """What of `seen` stands on the tab that the reader is on.

    Who has proposed a case finds it among their own also after it was merged; elsewhere it does
    not count twice. The index of the figures holds no column of it, so the small table is asked.
    """
    if filters.which == "mine":
        return seen.mine(user)  # type: ignore[attr-defined]
    gone = CaseMerge.objects.order_by().values("case")
    if filters.which == MERGED:
        return seen.filter(pk__in=gone)
    seen = seen.exclude(pk__in=gone)
    if filters.which == "venter":
        bodies = committees_where(user, {Role.SECRETARIAT})
        return seen.filter(committee__in=bodies, status=Status.SUBMITTED)
    return seen


def _usual(rows: QuerySet[UseCase], filters: Filters) -> QuerySet[UseCase]:
    return rows if filters.which else rows.exclude(status__in=LEFT_OUT)


def _narrow(rows: QuerySet[UseCase], filters: Filters) -> QuerySet[UseCase]:
    """Only what fits all that is chosen."""
    for column in NAMES:
        if chosen := filters.chosen(column):
            values = ["" if one == NONE else one for one in chosen]
            rows = rows.filter(**{f"{column}__in": values})
    return rows


def _with_words(rows: QuerySet[UseCase], user: Any, text: str) -> QuerySet[UseCase]:
    """Every word somewhere the reader may read it; or the number itself."""
    if not text:
        return rows
    wanted = list(stems(text))
    by_number = Q(reference__iexact=text)
    if not wanted:
        return rows.filter(by_number)
    found = Q()
    for stem in wanted[:8]:
        words = CaseWord.objects.filter(stem=stem)
        title = Q(pk__in=words.filter(part=TokenPart.TITLE).values("case"))
        anywhere = Q(pk__in=words.values("case")) & readable_to(user)
        found &= title | anywhere
    return rows.filter(found | by_number)


def _order(sort: str) -> list[Any]:
    """The columns of a sort; rows that tie keep one order, so that pages do not overlap."""
    back = sort.startswith("-")
    name = sort.removeprefix("-")
    if name == "titel":
        column: Any = Lower("title")
    elif name == "status":
        column = _status_rank()
    else:
        column = F("submitted_at" if name == "nr" else "status_since")
    by = column.desc(nulls_last=True) if back else column.asc(nulls_last=True)
    if name == "aendret":
        # Never empty; without "nulls last" the index serves.
        by = column.desc() if back else column.asc()
    return [by, "-pk" if back else "pk"]


def _status_rank() -> Case:
    whens = (When(status=status, then=Value(n)) for n, status in enumerate(STATUS_ORDER))
    return Case(*whens, default=Value(len(STATUS_ORDER)))


def merged_found(user: Any, filters: Filters, most: int) -> tuple[Filters, list[UseCase]]:
    """The merged cases that have the words asked for, newest first, and the question for all.

    One more than `most` says that there are others. Nothing where they stand among the rows.
    """
    asked = Filters(text=filters.text, which=MERGED)
    if not filters.text or filters.which:
        return asked, []
    return asked, list(listed(find(user, asked))[: most + 1])


# Figures ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Figures:
    """How many rows answer, how many there are without filters, and how many per choice.

    A count of a column heeds every filter but that column's own: what one would find by
    choosing that value instead.
    """

    total: int
    whole: int
    # Are there rows of more than one municipality, whatever is filtered now?
    is_wide: bool
    facets: dict[str, Counter[str]]
    # Of the rows that answer, by every choice: what board, charts and map show.
    found: dict[str, Counter[str]]


def figures(user: Any, filters: Filters) -> Figures:
    """All figures of the page from one question (and one for public titles).

    The rows come with five short values each and are counted here: with so many combinations,
    grouping them in the database takes longer than reading them.
    """
    rows = _values(user, filters)
    active = [at for at, column in enumerate(COLUMNS) if _passing(column, filters) is not None]
    facets: dict[str, Counter[str]] = {}
    for at, column in enumerate(COLUMNS):
        others = [one for one in active if one != at]
        facets[column] = _counted(at, _passed(rows, others, filters))
    answers = _passed(rows, active, filters)
    found = {column: _counted(at, answers) for at, column in enumerate(COLUMNS)}
    if filters.is_narrowed:
        whole, is_wide = _whole(user, filters)
    else:
        whole, is_wide = len(answers), len(found["municipality"].keys() - {NONE}) > 1
    return Figures(len(answers), whole, is_wide, facets, found)


def _whole(user: Any, filters: Filters) -> tuple[int, bool]:
    """How many rows the tab has, and whether they are of more than one municipality."""
    rows = _usual(_scope(UseCase.objects.visible_to(user), user, filters), filters)
    told = readable_to(user) & ~Q(municipality="")
    found = rows.order_by().aggregate(
        n=Count("pk"),
        first=Min("municipality", filter=told),
        last=Max("municipality", filter=told),
    )
    return found["n"], found["first"] != found["last"]


def _values(user: Any, filters: Filters) -> list[Values]:
    """The values of every row on the tab with the words; None is what may not be told."""
    readable = _scope(UseCase.objects.readable_by(user), user, filters)
    rows = _with_words(readable, user, filters.text).order_by().values_list(*COLUMNS)
    # Public titles have none of the hidden columns, so they answer no question about one.
    if filters.asks_hidden:
        return list(rows)
    titles = UseCase.objects.filter(status__in=TITLE_ONLY, committee__is_public=True)
    hidden = _scope(titles.exclude(readable_to(user)), user, filters)
    nothing = [Value(None, output_field=CharField())] * (len(COLUMNS) - 1)
    found = _with_words(hidden, user, filters.text).order_by().values_list("status", *nothing)
    return list(rows.union(found, all=True))


def _passing(column: str, filters: Filters) -> frozenset[str] | None:
    """The values that pass the filter of a column; None when it lets everything through."""
    if chosen := filters.chosen(column):
        return frozenset("" if one == NONE else one for one in chosen)
    if column == "status" and not filters.which:
        return USUAL
    return None


def _passed(rows: list[Values], active: list[int], filters: Filters) -> list[Values]:
    for at in active:
        passing = _passing(COLUMNS[at], filters) or frozenset()
        rows = [row for row in rows if row[at] in passing]
    return rows


def _counted(at: int, rows: list[Values]) -> Counter[str]:
    counts = Counter([row[at] for row in rows])
    del counts[None]
    return Counter({value or NONE: count for value, count in counts.items()})


# The board ----------------------------------------------------------------------------------


def board_rows(user: Any, filters: Filters, per_column: int) -> list[UseCase]:
    """The newest rows of every status, in two questions."""
    chosen: dict[str, list[int]] = {}
    for pk, status in _newest(user, filters):
        column = chosen.setdefault(status, [])
        if len(column) < per_column:
            column.append(pk)
    ids = [pk for column in chosen.values() for pk in column]
    return list(listed(UseCase.objects.filter(pk__in=ids)).order_by("-status_since", "-pk"))


def _newest(user: Any, filters: Filters) -> list[tuple[int, str]]:
    """Id and status of the rows that answer, the newest change first.

    Sorted here: the index that has these columns is read in one go, while the one that is in
    order would open every row.
    """
    rows = find(user, filters).order_by().values_list("status_since", "pk", "status")
    return [(pk, status) for _since, pk, status in sorted(rows, reverse=True)]


# Next and previous --------------------------------------------------------------------------


@dataclass(frozen=True)
class Neighbours:
    """Where a case stands in the list that its reader came from."""

    previous: int | None
    following: int | None
    place: int
    total: int


def neighbours(user: Any, filters: Filters, case: UseCase) -> Neighbours | None:
    """The cases before and after; nothing when the case is no longer in the list."""
    if filters.sort == DEFAULT_SORT:
        ids = [pk for pk, _status in _newest(user, filters)]
    else:
        ids = list(find(user, filters).values_list("pk", flat=True))
    if case.pk not in ids:
        return None
    at = ids.index(case.pk)
    previous = ids[at - 1] if at else None
    following = ids[at + 1] if at + 1 < len(ids) else None
    return Neighbours(previous, following, at + 1, len(ids))


def words_of_choice(column: str, value: str) -> str:
    """A choice as people read it."""
    return _("Not filled in") if value == NONE else choices(column).get(value, value)
