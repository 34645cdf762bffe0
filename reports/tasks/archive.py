"""Packages are read through, and what is no longer kept is deleted."""

from datetime import timedelta
from typing import Any

from celery import shared_task
from django.db.models import Q
from django.utils import timezone

from core import outbox
from reports.archive import CHECK
from reports.models import ArchivePackage
from reports.services import retention
from reports.services.archive import check_stored

EVERY = timedelta(days=30)
AT_ONCE = 5


@outbox.handler(CHECK)
def check_package(payload: dict[str, Any], report: outbox.Report) -> None:
    """Read one stored package through."""
    rows = ArchivePackage.objects.select_related("work__file", "committee")
    package = rows.filter(pk=payload["package"], work__file__isnull=False).first()
    if package is not None:
        report("", 10)
        check_stored(package)


@shared_task
def check_packages() -> int:
    """Read through what never was, or not for a month; a few at a time."""
    old = Q(checked_at__isnull=True) | Q(checked_at__lt=timezone.now() - EVERY)
    rows = ArchivePackage.objects.filter(old, work__file__isnull=False)
    found = list(rows.select_related("work__file", "committee").order_by("checked_at", "pk"))
    for package in found[:AT_ONCE]:
        check_stored(package)
    return len(found[:AT_ONCE])


@shared_task
def apply_retention() -> int:
    """Delete what is due; returns how many rows."""
    return sum(done.count for done in retention.apply_rules(by=None))
