"""The tables that packages hold. A further part of the product adds a `Contributor`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from reports.selectors.archive_scope import Scope

Row = dict[str, Any]
# How a kind of column stands in a JSON schema.
KINDS: dict[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "number": {"type": ["integer", "null"]},
    "flag": {"type": "boolean"},
    "date": {"type": "string", "pattern": r"^(\d{4}-\d\d-\d\d)?$"},
    "moment": {"type": "string", "pattern": r"^(\d{4}-\d\d-\d\dT.+)?$"},
    "list": {"type": "array"},
    "data": {},
}


@dataclass(frozen=True)
class Contributor:
    """A table: its file name, its Danish title, its columns (name → kind), and its rows.

    `model` names whose rows are archived by it; their ids stand in the column `id`.
    """

    name: str
    title: str
    columns: dict[str, str]
    rows: Callable[[Scope], Iterable[Row]]
    model: str = ""
    public: bool = True


@dataclass(frozen=True)
class Table:
    """A contributor's rows in one package."""

    by: Contributor
    rows: list[Row] = field(default_factory=list)

    @property
    def schema(self) -> dict[str, Any]:
        """JSON Schema (2020-12) of the table's JSON file."""
        properties = {name: dict(KINDS[kind]) for name, kind in self.by.columns.items()}
        row = {
            "type": "object",
            "required": list(properties),
            "properties": properties,
            "additionalProperties": False,
        }
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": self.by.title,
            "type": "array",
            "items": row,
        }


CONTRIBUTORS: dict[str, Contributor] = {}


def contribute(contributor: Contributor) -> Contributor:
    """Let every package from now on hold this table."""
    if CONTRIBUTORS.setdefault(contributor.name, contributor) != contributor:
        raise ValueError(f"two tables called {contributor.name!r}")
    return contributor


def tables(scope: Scope) -> list[Table]:
    """Every table of the edition, in the order in which they were registered."""
    wanted = [one for one in CONTRIBUTORS.values() if one.public or scope.is_full]
    return [Table(one, [_checked(one, row) for row in one.rows(scope)]) for one in wanted]


def _checked(by: Contributor, row: Row) -> Row:
    if set(row) != set(by.columns):
        raise ValueError(f"{by.name}: {sorted(set(row) ^ set(by.columns))}")
    return row


def iso(value: date | datetime | None) -> str:
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(timespec="seconds")
    return value.isoformat() if value else ""
