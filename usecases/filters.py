"""What one asks the register for, as it stands in the address.

The same question is always the same text, so that it can be saved, shared and compared.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qs, urlencode

from usecases.enums import RiskTier, Status
from usecases.record import municipalities, record

# The name in the address → the column.
DIMENSIONS = {
    "status": "status",
    "fagomraade": "field",
    "kommune": "municipality",
    "maalgruppe": "target_group",
    "risiko": "risk_tier",
}
NAMES = {column: name for name, column in DIMENSIONS.items()}
# What only those see who read more than the title.
HIDDEN = ("field", "municipality", "target_group", "risk_tier")
# What was merged stands on a tab of its own: it counts as the case that it went into.
MERGED = "samlet"
WHICH = ("mine", "venter", MERGED)
LOOKS = ("tavle", "kort", "diagram")
SORTS = ("aendret", "nr", "titel", "status")
# The newest change first, names from A.
DEFAULT_SORT = "-aendret"
LONGEST_TEXT = 100
# A value for "nothing is filled in".
NONE = "ingen"
MOST_CHOSEN = 120


@dataclass(frozen=True)
class Filters:
    """One question. Choices of one column are alternatives, columns narrow each other."""

    status: tuple[str, ...] = ()
    field: tuple[str, ...] = ()
    municipality: tuple[str, ...] = ()
    target_group: tuple[str, ...] = ()
    risk_tier: tuple[str, ...] = ()
    text: str = ""
    which: str = ""
    sort: str = DEFAULT_SORT
    look: str = ""

    def chosen(self, column: str) -> tuple[str, ...]:
        found: tuple[str, ...] = getattr(self, column)
        return found

    @property
    def asks_hidden(self) -> bool:
        """Does it ask for what a public title alone does not tell?"""
        return any(self.chosen(column) for column in HIDDEN)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.text) or any(self.chosen(column) for column in NAMES)

    @property
    def query(self) -> str:
        """The canonical text of the question; empty for everything."""
        pairs = [(name, one) for name, column in DIMENSIONS.items() for one in self.chosen(column)]
        if self.text:
            pairs.append(("q", self.text))
        if self.which:
            pairs.append(("vis", self.which))
        if self.sort != DEFAULT_SORT:
            pairs.append(("sortering", self.sort))
        if self.look:
            pairs.append(("som", self.look))
        return urlencode(pairs)

    def without(self, column: str, value: str) -> "Filters":
        kept = tuple(one for one in self.chosen(column) if one != value)
        return self._with(column, kept)

    def only(self, column: str, value: str) -> "Filters":
        return self._with(column, (value,))

    def _with(self, column: str, values: tuple[str, ...]) -> "Filters":
        changes: dict[str, Any] = {column: values}
        return replace(self, **changes)

    def cleared(self) -> "Filters":
        """The same look, sort and tab with nothing filtered."""
        return Filters(which=self.which, sort=self.sort, look=self.look)


def choices(column: str) -> dict[str, str]:
    """Every value that can be chosen, in the order it is shown, with its words."""
    if column == "status":
        return {str(value): str(label) for value, label in Status.choices}
    if column == "risk_tier":
        return {str(value): str(label) for value, label in RiskTier.choices}
    if column == "municipality":
        return municipalities()
    return record().by_key[column].choices


def parse(data: Any) -> Filters:
    """Read an address; what is not known there is left out, never an error."""
    lists: Mapping[str, list[str]] = dict(data.lists()) if hasattr(data, "lists") else data
    columns = {column: _chosen(column, lists.get(name, [])) for name, column in DIMENSIONS.items()}
    sort = _last(lists, "sortering")
    return Filters(
        **columns,
        text=" ".join(_last(lists, "q").replace("\x00", "").split())[:LONGEST_TEXT].strip(),
        which=_one_of(_last(lists, "vis"), WHICH),
        sort=sort if sort.removeprefix("-") in SORTS else DEFAULT_SORT,
        look=_one_of(_last(lists, "som"), LOOKS),
    )


def parse_query(query: str) -> Filters:
    """Read the text of a saved question, or of one that travels in an address."""
    try:
        return parse(parse_qs(query[:4000], max_num_fields=MOST_CHOSEN * 2))
    except ValueError:
        return Filters()


def _chosen(column: str, given: list[str]) -> tuple[str, ...]:
    asked = set(given[:MOST_CHOSEN])
    known = [value for value in choices(column) if value in asked]
    return tuple(known + ([NONE] if NONE in asked and column in HIDDEN else []))


def _last(lists: Mapping[str, list[str]], name: str) -> str:
    found = lists.get(name, [])
    return found[-1] if found else ""


def _one_of(value: str, allowed: tuple[str, ...]) -> str:
    return value if value in allowed else ""
