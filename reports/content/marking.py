"""What is new or changed since the report before."""

from collections.abc import Iterator
from typing import Any

Content = dict[str, Any]


def mark_changes(content: Content, before: Content | None) -> None:
    """Mark rows as “new” or “changed”, and tell what key figures were.

    Nothing is marked in a first report: everything would be new.
    """
    if not before:
        return
    known = {one["key"]: _told(one) for one in _marked_parts(before)}
    for one in _marked_parts(content):
        if one["key"] not in known:
            one["change"] = "new"
        elif known[one["key"]] != _told(one):
            one["change"] = "changed"
    figures = {one["key"]: one["value"] for one in before.get("key_figures", [])}
    for one in content["key_figures"]:
        if figures.get(one["key"], one["value"]) != one["value"]:
            one["before"] = figures[one["key"]]


def _marked_parts(content: Content) -> Iterator[Any]:
    """The rows of standing tables."""
    for part in content.get("sections", []):
        for block in part["blocks"]:
            if block["kind"] == "table" and block.get("standing"):
                yield from block["rows"]


def _told(one: dict[str, Any]) -> list[str]:
    return [cell["text"] for cell in one["cells"]]
