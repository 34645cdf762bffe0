"""The rules of retention as content: how long, counted from what, then what, and why."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from django.apps import apps
from django.core.checks import Error
from django.core.exceptions import FieldError
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.content import ContentKind, Node

Then = Literal["keep", "archive_then_delete", "delete"]
THEN: dict[str, str | Promise] = {
    "keep": _("Kept"),
    "archive_then_delete": _("Archived, then deleted"),
    "delete": _("Deleted"),
}
OUR_APPS = ("core", "committee", "usecases", "ethics", "meetings", "reports", "portal", "demo")
TERM = re.compile(r"(?P<n>[1-9]\d?\d?) (?P<unit>day|year)s?")
DAYS = {"day": 1, "year": 365}
IDENTITY = re.compile(r"[a-z][a-z-]{1,59}")


@dataclass(frozen=True)
class Rule:
    """One kind of data. `models` are labels; what is kept for ever has no term."""

    id: str
    title: str
    models: tuple[str, ...]
    then: Then
    why: str
    legal: str
    days: int = 0
    term: str = ""
    counted_from: str = ""
    counted_words: str = ""
    where: tuple[tuple[str, Any], ...] = ()

    @property
    def deletes(self) -> bool:
        return self.then != "keep"

    @property
    def age(self) -> timedelta:
        return timedelta(days=self.days)

    @property
    def then_words(self) -> str:
        return str(THEN[self.then])

    @property
    def term_words(self) -> str:
        """How long, in words; empty for what is kept."""
        if not self.deletes:
            return ""
        years, rest = divmod(self.days, 365)
        if years and not rest:
            return ngettext("%(n)s year", "%(n)s years", years) % {"n": years}
        return ngettext("%(n)s day", "%(n)s days", self.days) % {"n": self.days}


@dataclass(frozen=True)
class Retention:
    """A version of the rules."""

    reference: str
    title: str
    note: str
    rules: tuple[Rule, ...]
    # Model → why it needs no rule.
    excused: dict[str, str]

    @property
    def covered(self) -> set[str]:
        return {label for rule in self.rules for label in rule.models} | set(self.excused)


def parse(key: str, version: int, node: Node) -> Retention:
    """Read one file strictly. Raises `ContentError`."""
    title, note = node.take("title"), node.take("note")
    rules = [_rule(row) for row in node.take("rules", list)]
    seen: set[str] = set()
    for rule in rules:
        if rule.id in seen:
            raise node.fail(f"two rules are called “{rule.id}”")
        seen.add(rule.id)
    excused = dict(_excuses(node.take("excused", list)))
    found = Retention(f"{key}@{version}", title, note, tuple(rules), excused)
    for label in sorted(found.covered):
        _model(label, node)
    return found


def _rule(row: Node) -> Rule:
    then = row.take("then")
    if then not in THEN:
        raise row.fail(f"“{then}” is not one of {', '.join(THEN)}", "then")
    ends = {} if then == "keep" else _term(row)
    identity = row.take("id")
    if not IDENTITY.fullmatch(identity):
        raise row.fail("an id has small letters and hyphens", "id")
    rule = Rule(
        id=identity,
        title=row.take("title"),
        models=tuple(_labels(row)),
        then=then,
        why=row.take("why"),
        legal=row.take("legal"),
        where=tuple(sorted(row.take("where", dict, {}).items())),
        **ends,
    )
    row.finish()
    _check_fields(rule, row)
    return rule


def _labels(row: Node) -> list[str]:
    labels: list[str] = row.take("models", list)
    if not labels or not all(isinstance(label, str) for label in labels):
        raise row.fail("“models” must name tables", "models")
    return labels


def _term(row: Node) -> dict[str, Any]:
    """How long, and from when."""
    term = row.take("keep")
    found = TERM.fullmatch(term)
    if not found:
        raise row.fail("write “keep” like “30 days” or “5 years”", "keep")
    return {
        "term": term,
        "days": int(found["n"]) * DAYS[found["unit"]],
        "counted_from": row.take("counted_from"),
        "counted_words": row.take("counted_words"),
    }


def _excuses(rows: list[Node]) -> Iterator[tuple[str, str]]:
    for row in rows:
        labels, why = _labels(row), row.take("why")
        row.finish()
        yield from ((label, why) for label in labels)


def _model(label: str, node: Node) -> type[models.Model]:
    try:
        return apps.get_model(label)
    except (LookupError, ValueError) as error:
        raise node.fail(f"there is no table “{label}”") from error


def _check_fields(rule: Rule, row: Node) -> None:
    """The fields that a rule counts from and chooses by are there, and nothing falls with it."""
    for label in rule.models:
        model = _model(label, row)
        try:
            rows = model._default_manager.filter(**dict(rule.where))
            if rule.deletes:
                rows.filter(**{f"{rule.counted_from}__isnull": False})
        except (FieldError, ValueError) as error:
            raise row.fail(f"{label}: {error}") from error
        if rule.deletes and (fallen := _falls_with(model) - set(rule.models)):
            raise row.fail(f"with {label} these would be deleted: {', '.join(sorted(fallen))}")


def _falls_with(model: type[models.Model]) -> set[str]:
    """Tables whose rows the database layer would delete with a row of `model`."""
    return {
        relation.related_model._meta.label
        for relation in model._meta.related_objects
        if relation.on_delete is models.CASCADE
    }


RETENTION = ContentKind(app="reports", folder="retention", parse=parse)


def current() -> Retention:
    """The rules that hold now."""
    return RETENTION.newest()["retention"]


def uncovered(rules: Retention) -> list[str]:
    """Our tables that no rule speaks of."""
    ours = [model for model in apps.get_models() if model._meta.app_label in OUR_APPS]
    return sorted({model._meta.label for model in ours} - rules.covered)


def check_cover(app_configs: Any, **kwargs: Any) -> list[Error]:
    """A system check: every table of ours has a rule or an excuse."""
    if RETENTION.errors() or not RETENTION.newest():
        return []
    return [
        Error(f"retention: no rule says how long {label} is kept", id="reports.E011")
        for label in uncovered(current())
    ]
