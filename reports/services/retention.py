"""Delete what the rules no longer keep: only after archiving where they say so, and with a log."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import DatabaseError, models, transaction
from django.utils import timezone

from core import audit
from reports.models import ArchivePackage, RetentionLog
from reports.retention import Rule, current
from reports.selectors.retention import due_ids, holders
from reports.services.archive import check_stored

BATCH = 500


@dataclass
class Done:
    """What a rule did, or would do, to one table."""

    rule: Rule
    model: str
    # The version of the rules.
    reference: str = ""
    by: Any = None
    count: int = 0
    # Due, but in no package that holds them.
    waiting: int = 0
    # Due, but something else still points at them, or the database protects them.
    kept: int = 0
    packages: list[int] = field(default_factory=list)


def apply_rules(
    *, by: Any = None, dry_run: bool = False, now: datetime | None = None
) -> list[Done]:
    """Delete what is due, rule by rule; returns what each did. A dry run changes nothing."""
    moment = now or timezone.now()
    rules, reference = current().rules, current().reference
    found = []
    for rule in rules:
        for label in rule.models if rule.deletes else ():
            done = Done(rule, label, reference, by)
            _apply(done, moment, dry_run=dry_run)
            found.append(done)
    return found


def _apply(done: Done, now: datetime, *, dry_run: bool) -> None:
    model = apps.get_model(done.model)
    ids = due_ids(done.rule, model, now)
    if done.rule.then == "archive_then_delete":
        shares, waiting = _archived(done.model, ids, dry_run=dry_run)
        done.waiting = len(waiting)
    else:
        shares = [(None, ids)]
    for package, held in shares:
        for part in _batches(held):
            if dry_run:
                done.count += len(part)
            else:
                _delete(done, model, part, package)
        if package and held:
            done.packages.append(package.pk)


def _batches(ids: list[Any]) -> Iterator[list[Any]]:
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))


def _archived(
    label: str, ids: list[Any], *, dry_run: bool
) -> tuple[list[tuple[ArchivePackage | None, list[Any]]], list[Any]]:
    """The due rows by the package that holds them, and those that none holds.

    A package counts when it was read through just now, or in a dry run when it was last.
    """
    left = set(ids)
    shares: list[tuple[ArchivePackage | None, list[Any]]] = []
    for package in holders(label):
        held = sorted(left & set(package.holds[label]))
        whole = package.is_valid is True if dry_run else held and check_stored(package).is_valid
        if held and whole:
            shares.append((package, held))
            left -= set(held)
    return shares, sorted(left)


def _delete(
    done: Done,
    model: type[models.Model],
    ids: list[Any],
    package: ArchivePackage | None,
) -> None:
    """One batch with its row in the log; rows that something protects stay, one by one."""
    with transaction.atomic():
        gone = _try(model, ids) or [pk for pk in ids if _try(model, [pk])]
        if gone:
            log = RetentionLog.objects.create(
                rule=f"{done.reference}#{done.rule.id}",
                model=done.model,
                count=len(gone),
                # A login's key is itself a secret, though it has run out.
                ids=[pk for pk in gone if isinstance(pk, int)],
                package=package,
                by=done.by if getattr(done.by, "pk", None) else None,
            )
            facts = {"rule": log.rule, "model": done.model, "count": len(gone)}
            audit.record("reports.apply_retention", log, by=done.by, data=facts)
    done.count += len(gone)
    done.kept += len(ids) - len(gone)


def _try(model: type[models.Model], ids: list[Any]) -> list[Any]:
    """The ids when all of them could be deleted, else nothing and no change."""
    try:
        with transaction.atomic():
            model._default_manager.filter(pk__in=ids).delete()
    except DatabaseError:
        return []
    return ids
