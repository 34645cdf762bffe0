"""The pages of the register: list, board, map and charts of one question."""

from dataclasses import dataclass, replace
from typing import Any, cast
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from committee.enums import Role
from committee.models import committees_where
from usecases import policies
from usecases.enums import Actor
from usecases.filters import MERGED, NAMES, NONE, Filters, choices, parse_query
from usecases.models import SavedView, UseCase
from usecases.naming import SLUGS
from usecases.selectors import register
from usecases.selectors.lists import SHAPES, Row, row_of
from usecases.selectors.register import Figures, words_of_choice
from usecases.selectors.register_plots import bars, stack, tiles
from usecases.workflow import LIFE_CYCLE

PER_PAGE = 25
PER_COLUMN = 12
MOST_MERGED = 5
# So many answers of one filter are open; the rest are behind "All".
FEW = 10
# The filters in the order they stand on the page.
SHOWN = ("status", "field", "municipality", "target_group", "risk_tier")


@dataclass(frozen=True)
class Choice:
    """One answer of a filter, and how many rows one would find by it."""

    id: str
    value: str
    label: str
    count: int
    checked: bool


@dataclass(frozen=True)
class Facet:
    """One filter."""

    name: str
    heading: str
    choices: list[Choice]
    is_long: bool
    chosen: int


@dataclass(frozen=True)
class Chip:
    """A choice that can be taken away."""

    label: str
    url: str


@dataclass(frozen=True)
class Heading:
    """A column that can be sorted by."""

    label: str
    url: str
    sorted: str


@dataclass(frozen=True)
class Card:
    """A case on the board with the moves that are its reader's to make."""

    row: Row
    # Those that ask for nothing are made from the board, the others on a page of their own.
    direct: list[tuple[str, Any]]
    asking: list[tuple[str, Any]]


@dataclass(frozen=True)
class Column:
    """One state of the life cycle."""

    status: str
    label: str
    shape: str
    count: int
    cards: list[Card]
    url: str


def page(user: Any, filters: Filters, number: str = "1") -> dict[str, Any]:
    """Everything the page shows to this reader."""
    counted = register.figures(user, filters)
    has_map = counted.is_wide
    look = "" if filters.look == "kort" and not has_map else filters.look
    context = {
        "filters": filters,
        "look": look,
        "total": counted.total,
        "whole": counted.whole,
        "facets": [facet for column in SHOWN if (facet := _facet(column, filters, counted))],
        "chips": chips(filters),
        "looks": _looks(filters, look, has_map),
        "clear": list_url(filters.cleared()),
        "stack": stack(counted.found["status"], filters),
        "bodies": committees_where(user, {Role.SECRETARIAT}),
        "liste": urlencode({"liste": filters.query}),
        "merged_tab": MERGED,
    }
    if look == "" or not counted.total:
        context |= _merged(user, filters)
    return context | _LOOKS[look](user, filters, counted, number)


def _merged(user: Any, filters: Filters) -> dict[str, Any]:
    """What is found among the merged, beside the rows: it is not counted with them."""
    asked, found = register.merged_found(user, filters, MOST_MERGED)
    return {
        "merged_rows": [row_of(user, case) for case in found[:MOST_MERGED]],
        "merged_liste": urlencode({"liste": asked.query}),
        "merged_url": list_url(asked) if len(found) > MOST_MERGED else "",
    }


def list_url(filters: Filters) -> str:
    """The register with this question."""
    query = filters.query
    return f"{reverse('usecases:case_list')}{'?' if query else ''}{query}"


# The filters ----------------------------------------------------------------------------------


def headings() -> dict[str, str]:
    return {
        "status": _("Status"),
        "field": _("Field"),
        "municipality": _("Municipality"),
        "target_group": _("Target group"),
        "risk_tier": _("AI Act"),
    }


def _facet(column: str, filters: Filters, counted: Figures) -> Facet | None:
    """A filter with the answers that would find something; none when there is no choice."""
    counts, chosen = counted.facets[column], filters.chosen(column)
    known = [*choices(column), NONE]
    shown = [value for value in known if counts[value] or value in chosen]
    if not chosen and len(shown) < 2:
        return None
    name = NAMES[column]
    answers = [
        Choice(f"f-{name}-{v}", v, words_of_choice(column, v), counts[v], v in chosen)
        for v in shown
    ]
    return Facet(name, headings()[column], answers, len(answers) > FEW, len(chosen))


def chips(filters: Filters) -> list[Chip]:
    """What is filtered by, each with the address without it."""
    found = [
        Chip(words_of_choice(column, value), list_url(filters.without(column, value)))
        for column in SHOWN
        for value in filters.chosen(column)
    ]
    if filters.text:
        found.insert(0, Chip(f"”{filters.text}”", list_url(replace(filters, text=""))))
    return found


def _looks(filters: Filters, look: str, has_map: bool) -> list[dict[str, Any]]:
    rows = [
        ("", _("List"), "list-bulleted"),
        ("tavle", _("Board"), "view-split"),
        ("kort", _("Map"), "map"),
        ("diagram", _("Charts"), "analytics"),
    ]
    return [
        {
            "label": label,
            "icon": icon,
            "url": list_url(replace(filters, look=key)),
            "current": key == look,
        }
        for key, label, icon in rows
        if key != "kort" or has_map
    ]


# The four looks -------------------------------------------------------------------------------


def _list(user: Any, filters: Filters, counted: Figures, number: str) -> dict[str, Any]:
    paginator = Paginator(register.find(user, filters), PER_PAGE)
    # The figures know it already.
    paginator.count = counted.total
    found = paginator.get_page(number)
    chosen = cast("QuerySet[UseCase]", found.object_list)
    rows = [row_of(user, case) for case in register.page_rows(chosen, filters)]
    mine = set(committees_where(user, {Role.SECRETARIAT}))
    sep = "&" if filters.query else ""
    return {
        "rows": rows,
        "page": found,
        "before": f"?{filters.query}{sep}side=",
        "headings": {key: _heading(key, filters) for key in ("nr", "titel", "status", "aendret")},
        # Nothing more is done with what was merged.
        "may_choose": filters.which != MERGED and any(r.case.committee_id in mine for r in rows),
    }


def _heading(key: str, filters: Filters) -> Heading:
    labels = {
        "nr": _("No."),
        "titel": _("AI use"),
        "status": _("Status"),
        "aendret": _("Since"),
    }
    up, down = filters.sort == key, filters.sort == f"-{key}"
    first = f"-{key}" if key == "aendret" else key
    other = {key: f"-{key}", f"-{key}": key}.get(filters.sort, first)
    url = list_url(replace(filters, sort=other))
    return Heading(labels[key], url, "ascending" if up else "descending" if down else "")


def _board(user: Any, filters: Filters, counted: Figures, number: str) -> dict[str, Any]:
    cards: dict[str, list[Card]] = {}
    for case in register.board_rows(user, filters, PER_COLUMN):
        cards.setdefault(case.status, []).append(_card(user, case))
    counts = counted.found["status"]
    shown = [s for s in register.STATUS_ORDER if counts[s] or s not in register.LEFT_OUT]
    if filters.status:
        shown = [status for status in shown if status in filters.status]
    listed = replace(filters, look="")
    return {
        "columns": [
            Column(
                status,
                words_of_choice("status", status),
                SHAPES[status],
                counts[status],
                cards.get(status, []),
                list_url(listed.only("status", status)),
            )
            for status in shown
        ]
    }


def _card(user: Any, case: UseCase) -> Card:
    """No guard is asked here: they read the whole text, and the page of the move lists them."""
    row = row_of(user, case)
    names = policies.moves_for(user, case) if policies.reading_level(user, case) == "full" else []
    moves = [LIFE_CYCLE.get(name) for name in names if name in SLUGS]
    made_here = [(SLUGS[move.name], move.label) for move in moves if not move.guards]
    asking = [
        (reverse("usecases:case_move", args=[case.pk, SLUGS[move.name]]), move.label)
        for move in moves
        if move.guards and Actor.DECIDER not in policies.MOVERS[move.name]
    ]
    return Card(row, made_here, asking)


def _map(user: Any, filters: Filters, counted: Figures, number: str) -> dict[str, Any]:
    return {"map": tiles(counted.facets["municipality"], filters)}


def _charts(user: Any, filters: Filters, counted: Figures, number: str) -> dict[str, Any]:
    return {
        "charts": [
            {"key": column, "heading": headings()[column], "plot": plot}
            for column in ("status", "field")
            if (plot := bars(column, counted.found[column], filters)).rows
        ]
    }


_LOOKS = {"": _list, "tavle": _board, "kort": _map, "diagram": _charts}


# Saved views and the list one came from -------------------------------------------------------


def tabs(user: Any, filters: Filters, shared: str = "") -> dict[str, Any]:
    """The reader's saved views, which of them is shown, and a shared one that was opened."""
    views = list(SavedView.objects.of(user))
    current = next((view for view in views if view.query == filters.query), None)
    guest = None
    if shared and current is None:
        found = SavedView.objects.visible_to(user).filter(token=shared[:24]).first()
        guest = found if found and found.query == filters.query else None
    return {"views": views, "current_view": current, "guest_view": guest}


def from_list(user: Any, case: UseCase, query: str) -> dict[str, Any]:
    """Next and previous within the list that the reader came from, as links."""
    filters = parse_query(query)
    found = register.neighbours(user, filters, case)
    carried = urlencode({"liste": filters.query})

    def url(pk: int | None) -> str:
        return f"{reverse('usecases:case_page', args=[pk])}?{carried}" if pk else ""

    return {
        "list_url": list_url(filters),
        "pager": found,
        "previous_url": url(found.previous) if found else "",
        "next_url": url(found.following) if found else "",
    }
