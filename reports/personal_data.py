"""Which rows point to a person and what becomes of them, as `content/personal_data` says it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from core.content import ContentError, ContentKind, Node

CURRENT = "people@1"
WAYS = ("delete", "clear", "keep")


@dataclass(frozen=True)
class Reason:
    """Why rows go or stay, and the law it rests on."""

    key: str
    text: str
    basis: str


@dataclass(frozen=True)
class Pointer:
    """A key to the person, and what of its row is theirs."""

    name: str
    facts: tuple[str, ...]
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Child:
    """Rows below that hold what the person wrote, reached by `name`."""

    name: str
    of: str
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Rule:
    """What holds for the rows of one model."""

    label: str
    name: str
    erase: str
    reason: Reason
    own: bool
    clear: tuple[str, ...]
    clear_of: str
    pointers: tuple[Pointer, ...]
    children: tuple[Child, ...]

    @property
    def model(self) -> type[models.Model]:
        return apps.get_model(self.label)


@dataclass(frozen=True)
class Policy:
    """The whole file."""

    key: str
    version: int
    title: str
    rules: tuple[Rule, ...]
    # Names of keys and of columns in words.
    roles: Mapping[str, str]
    columns: Mapping[str, str]

    @property
    def reference(self) -> str:
        return f"{self.key}@{self.version}"


# Reading the file --------------------------------------------------------------------------------


def _parse(key: str, version: int, node: Node) -> Policy:
    reasons = {
        name: Reason(name, one.take("text"), one.take("basis"))
        for name, one in node.take("reasons", Node).items()
    }
    rules = [_rule(label, one, reasons) for label, one in node.take("models", Node).items()]
    roles, columns = dict(node.take("roles", Node)), dict(node.take("columns", Node))
    return Policy(key, version, node.take("title"), tuple(rules), roles, columns)


def _rule(label: str, node: Node, reasons: dict[str, Reason]) -> Rule:
    way, reason = node.take("erase"), node.take("reason")
    if way not in WAYS:
        raise node.fail(f"“{way}” is no way to erase", "erase")
    if reason not in reasons:
        raise node.fail(f"“{reason}” is no reason", "reason")
    clear = tuple(node.take("clear", list, []))
    if bool(clear) != (way == "clear"):
        raise node.fail("“clear” names columns, and only then they are emptied")
    fields = node.take("fields", Node)
    found = Rule(
        label=label,
        name=node.take("name"),
        erase=way,
        reason=reasons[reason],
        own=node.take("own", bool, default=False),
        clear=clear,
        clear_of=node.take("clear_of", str, ""),
        pointers=tuple(_pointer(name, one) for name, one in fields.items()),
        children=tuple(_child(k, v) for k, v in node.take("children", Node, Node()).items()),
    )
    node.finish()
    return found


def _pointer(name: str, node: Node) -> Pointer:
    found = Pointer(name, tuple(node.take("facts", list, [])), tuple(node.take("texts", list, [])))
    node.finish()
    return found


def _child(name: str, node: Node) -> Child:
    found = Child(name, node.take("of"), tuple(node.take("texts", list)))
    node.finish()
    return found


POLICIES: ContentKind[Policy] = ContentKind("reports", "personal_data", _parse)


def policy() -> Policy:
    """The one that holds now."""
    return POLICIES.by_reference(CURRENT)


# Is it complete? ---------------------------------------------------------------------------------


def pointers_in_models() -> set[tuple[str, str]]:
    """Every key to a person in every model: label of the model and name of the field."""
    person = get_user_model()
    return {
        (model._meta.label, field.name)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_fields
        if field.remote_field and field.related_model is person
    }


def complaints(known: Policy) -> Iterator[str]:
    """What the file lacks, names twice, or names although it is not there."""
    told = {(rule.label, one.name) for rule in known.rules for one in rule.pointers}
    wanted = pointers_in_models()
    for label, name in sorted(wanted - told):
        yield f"{label}.{name} points to a person and is not in {known.reference}"
    for label, name in sorted(told - wanted):
        yield f"{label}.{name} is in {known.reference} and points to nobody"
    yield from _without_words(known)
    if told <= wanted:
        for rule in known.rules:
            yield from _unknown_columns(rule)


def _without_words(known: Policy) -> Iterator[str]:
    pointers = [one for rule in known.rules for one in rule.pointers]
    columns = {name for one in pointers for name in (*one.facts, *one.texts)}
    columns |= {name for rule in known.rules for one in rule.children for name in one.texts}
    for name in sorted({one.name for one in pointers} - known.roles.keys()):
        yield f"the role {name} has no word in {known.reference}"
    for name in sorted(columns - known.columns.keys()):
        yield f"the column {name} has no word in {known.reference}"


def _unknown_columns(rule: Rule) -> Iterator[str]:
    named = {*rule.clear, *filter(None, [rule.clear_of])}
    for one in rule.pointers:
        named |= {*one.facts, *one.texts}
    for name in sorted(named):
        if not _has(rule.model, name):
            yield f"{rule.label} has no column {name}"
    for child in rule.children:
        related = {one.get_accessor_name(): one.related_model for one in _related(rule.model)}
        if child.name not in related:
            yield f"{rule.label} has no rows {child.name}"
            continue
        for name in child.texts:
            if not _has(related[child.name], name):
                yield f"{rule.label}.{child.name} has no column {name}"


def _related(model: type[models.Model]) -> Any:
    return model._meta.related_objects


def _has(model: Any, name: str) -> bool:
    try:
        model._meta.get_field(name)
    except FieldDoesNotExist:
        return False
    return True


__all__ = ["CURRENT", "POLICIES", "ContentError", "Policy", "Rule", "complaints", "policy"]
