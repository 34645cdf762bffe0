"""What the loader has read so far, against which the rest of the file is checked."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date

from django.utils.dateformat import format as formatted
from django.utils.translation import override

from core.content import Node
from ethics.ai_act.rules import NOTHING, Date, Named, Option, Text, When

PARTS = ("all", "any", "none")


class Reader:
    """The dates, labels and words of one file, by name."""

    def __init__(self) -> None:
        self.dates: dict[str, Date] = {}
        self.later: list[tuple[Node, str]] = []
        self.labels: set[str] = set()
        self.set_so_far: set[str] = set()
        self.tiers: dict[str, Named] = {}
        self.blocks: dict[str, Named] = {}
        self.actors: dict[str, Named] = {}
        self.outcomes: set[str] = set()
        self.answers: tuple[Option, ...] = ()
        self.conditions: list[tuple[Node, str, When]] = []

    def note_labels(self, questions: list[Node], derived: list[Node]) -> None:
        """Every label that an answer or another label can set."""
        for row in questions:
            for option in row.get("options", []):
                if isinstance(option, Node):
                    self.labels |= {str(label) for label in option.get("set", [])}
        self.labels |= {str(row.get("label", "")) for row in derived}

    def note_outcomes(self, rows: list[Node], markers: list[str]) -> None:
        self.outcomes = {str(row.get("id", "")) for row in rows} | set(markers)

    def text(self, node: Node, name: str = "", *, optional: bool = False) -> Text:
        """A text in both languages; `{id}` becomes the date of that id."""
        keys = [f"{name}_{language}" if name else language for language in ("en", "da")]
        if optional and not any(key in node for key in keys):
            return NOTHING
        english, danish = (self.dated(str(node.take(key)), key[-2:], node, key) for key in keys)
        return Text(english, danish)

    def dated(self, text: str, language: str, node: Node, key: str) -> str:
        if "{" not in text:
            return text
        with override(language):
            pattern = "j. F Y" if language == "da" else "j F Y"
            days = {name: formatted(one.day, pattern) for name, one in self.dates.items()}
        try:
            return text.format(**days)
        except (KeyError, IndexError, ValueError) as wrong:
            raise node.fail(f"the text names a date that there is not: {wrong}", key) from wrong

    def date_id(self, node: Node, key: str, *more: str) -> str:
        """The id of a date, or one of the other words that may stand there."""
        if key not in node:
            return ""
        found = str(node.take(key))
        if found not in self.dates and found not in more:
            raise node.fail(f"“{key}” must name one of the dates, not “{found}”", key)
        return found

    def when(self, node: Node, key: str) -> When | None:
        """The condition that stands under `key`, if any does."""
        return self.labels_of(node.take(key, Node)) if key in node else None

    def labels_of(self, part: Node) -> When:
        """A condition on labels. `annex3.*` stands for all labels that begin so."""
        sets = {name: frozenset(self._spread(part, name)) for name in (*PARTS, "or_any")}
        found = When(
            **sets,
            any_prefix=part.take("any_prefix", default=""),
            terminal=part.take("terminal", default=""),
            otherwise=part.take("otherwise", bool, False),
        )
        part.finish()
        self.conditions.append((part, "", found))
        return found

    def _spread(self, node: Node, name: str) -> Iterator[str]:
        for label in node.take(name, list, []):
            if not str(label).endswith(".*"):
                yield str(label)
                continue
            found = sorted(one for one in self.labels if one.startswith(str(label)[:-1]))
            if not found:
                raise node.fail(f"nothing sets a label like “{label}”", name)
            yield from found

    def check_conditions(self) -> None:
        """A label that nothing sets is a spelling mistake; so is an outcome that there is not."""
        for node, _key, when in self.conditions:
            for part in (*PARTS, "or_any"):
                for label in sorted(getattr(when, part) - self.labels):
                    raise node.fail(f"nothing sets the label “{label}”", part)
            if when.terminal and when.terminal not in self.outcomes:
                raise node.fail(f"there is no outcome “{when.terminal}”", "terminal")
            prefix = when.any_prefix
            if prefix and not any(label.startswith(prefix) for label in self.labels):
                raise node.fail(f"nothing sets a label like “{prefix}…”", "any_prefix")


def nodes(node: Node, key: str) -> list[Node]:
    """The mappings that stand under `key`."""
    rows = node.take(key, list)
    for row in rows:
        if not isinstance(row, Node):
            raise node.fail(f"everything under “{key}” must be a mapping", key)
    return list(rows)


def one_of(node: Node, key: str, allowed: Iterable[str]) -> str:
    value = str(node.take(key))
    if value not in (known := list(allowed)):
        raise node.fail(f"“{key}” must be one of {', '.join(known)}, not “{value}”", key)
    return value


def unique(node: Node, key: str, seen: Collection[str]) -> str:
    value = str(node.take(key))
    if value in seen:
        raise node.fail(f"“{value}” stands twice", key)
    return value


def day(node: Node, key: str) -> date:
    try:
        return date.fromisoformat(str(node.take(key, (str, date))))
    except ValueError as wrong:
        raise node.fail(f"“{key}” must be a date like 2026-08-02", key) from wrong
