"""Reads a file to its end and collects what is wrong with it."""

from collections.abc import Callable
from typing import Any, TypeVar

from core.content import ContentError, Node

T = TypeVar("T")


class Reader:
    """Collects mistakes, so that the file is read to its end."""

    def __init__(self) -> None:
        self.mistakes: list[ContentError] = []

    def attempt(self, read: Callable[[], T]) -> T | None:
        try:
            return read()
        except ContentError as error:
            self.mistakes += error.mistakes
            return None

    def note(self, node: Node, message: str, key: str = "") -> None:
        self.mistakes.append(node.fail(message, key))

    def rows(self, node: Node, key: str, read: Callable[[Node], T]) -> list[tuple[T, Node]]:
        """The entries of the list `key` that could be read, each with where it stands."""
        found = []
        for entry in self.attempt(lambda: node.take(key, list)) or []:
            row = self.attempt(lambda entry=entry: whole_entry(entry, node, key, read))  # type: ignore[misc]
            if row is not None:
                found.append((row, entry))
        return found


def whole_entry(entry: Any, parent: Node, key: str, read: Callable[[Node], T]) -> T:
    if not isinstance(entry, Node):
        raise parent.fail(f"each entry of “{key}” must be a mapping", key)
    found = read(entry)
    entry.finish()
    return found


def no_twice(reader: Reader, rows: list[tuple[Any, Node]]) -> None:
    seen: set[str] = set()
    for one, node in rows:
        if one.id in seen:
            reader.note(node, f"the id “{one.id}” stands twice", "id")
        seen.add(one.id)
