"""What is due under the rules of retention, and which packages hold it."""

from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.paginator import Paginator
from django.db import models
from django.utils import timezone

from meetings.enums import Edition
from reports.models import ArchivePackage, RetentionLog
from reports.retention import Retention, Rule, current

PER_PAGE = 50


def due_rows(rule: Rule, model: type[models.Model], now: datetime) -> models.QuerySet[Any]:
    """Rows whose term has run out; what the term is counted from must have happened."""
    before: Any = now - rule.age
    rows = model._default_manager.filter(**dict(rule.where))
    return rows.filter(**{f"{rule.counted_from}__lt": before})


def due_ids(rule: Rule, model: type[models.Model], now: datetime) -> list[Any]:
    return list(due_rows(rule, model, now).order_by("pk").values_list("pk", flat=True))


def holders(label: str) -> list[ArchivePackage]:
    """The full packages that were made and hold rows of the table, newest first."""
    rows = ArchivePackage.objects.filter(edition=Edition.FULL, work__file__isnull=False)
    rows = rows.select_related("work__file", "committee").order_by("-pk")
    return [package for package in rows if package.holds.get(label)]


def retention_page(page: str) -> dict[str, Any]:
    """The rules in words, how much is due under each, and what was deleted."""
    rules, now = current(), timezone.now()
    logs = RetentionLog.objects.select_related("package", "by").order_by("-pk")
    titles = {f"{rules.reference}#{rule.id}": rule.title for rule in rules.rules}
    found = Paginator(logs, PER_PAGE).get_page(page)
    return {
        "rules": rules,
        "ending": [_row(rule, now) for rule in rules.rules if rule.deletes],
        "kept": [_row(rule, now) for rule in rules.rules if not rule.deletes],
        "excused": _excused(rules),
        "page": found,
        "log": [{"row": row, "title": titles.get(row.rule, row.rule)} for row in found],
    }


def _row(rule: Rule, now: datetime) -> dict[str, Any]:
    tables = [apps.get_model(label) for label in rule.models]
    due = waiting = 0
    for table in tables if rule.deletes else []:
        ids = due_ids(rule, table, now)
        due += len(ids)
        if rule.then == "archive_then_delete":
            waiting += len(set(ids) - _held(table._meta.label))
    return {"rule": rule, "due": due, "waiting": waiting, "ready": due - waiting}


def _held(label: str) -> set[int]:
    """Rows in a package that was whole when it was read last."""
    return {pk for package in holders(label) if package.is_valid for pk in package.holds[label]}


def _excused(rules: Retention) -> list[dict[str, str]]:
    return [{"model": label, "why": why} for label, why in sorted(rules.excused.items())]
