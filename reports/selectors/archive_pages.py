"""Pages of the archive."""

from typing import Any

from django.apps import apps
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from committee.enums import Role
from committee.models import Committee, committees_where
from core.models import OutboxEntry
from meetings.enums import Edition
from meetings.models import Meeting
from reports.archive import CHECK
from reports.models import ArchivePackage
from reports.policies import archive as policies
from reports.selectors import esdh
from reports.selectors.archive_scope import Scope

PER_PAGE = 25


def packages(user: Any) -> QuerySet[ArchivePackage]:
    rows = ArchivePackage.objects.visible_to(user)
    return rows.select_related("committee", "work__file", "asked_by")


def archive_list(user: Any, page: str) -> dict[str, Any]:
    """The packages one may know of, body by body."""
    rows = packages(user).order_by("committee__name", "-period_to", "-pk")
    return {
        "page": Paginator(rows, PER_PAGE).get_page(page),
        "can_make": bodies_to_pack(user).exists(),
        "sees_retention": bool(policies.can_see_retention(user)),
    }


def bodies_to_pack(user: Any) -> QuerySet[Committee]:
    """Those whose packages one may ask for, in some edition."""
    if policies.administrates(user):
        return Committee.objects.order_by("name")
    return Committee.objects.filter(pk__in=committees_where(user, {Role.SECRETARIAT})).order_by(
        "name"
    )


def editions_to_pack(user: Any) -> list[str]:
    full = bool(committees_where(user, {Role.SECRETARIAT}))
    return [str(value) for value in Edition.values if full or value == Edition.PUBLIC]


def archive_page(user: Any, package: ArchivePackage) -> dict[str, Any]:
    """One package: whether it is made, whole, and what it holds."""
    check = OutboxEntry.objects.filter(key=f"{CHECK}:{package.pk}").first()
    return {
        "package": package,
        "entry": package.work.entry,
        "is_checking": check is not None and not check.is_settled,
        "can_open": policies.can_open(user, package),
        "can_check": policies.can_check(user, package),
        "counts": _counts(package),
        "sees_retention": bool(policies.can_see_retention(user)),
    }


def _counts(package: ArchivePackage) -> list[tuple[str, int]]:
    return [
        (capfirst(str(apps.get_model(label)._meta.verbose_name_plural)), len(ids))
        for label, ids in package.holds.items()
        if ids
    ]


def hand_off_page(user: Any, meeting: Meeting) -> dict[str, Any]:
    """What the case system would be given of a meeting, and how far the folder is."""
    work = esdh.current_work(meeting)
    entry = work.entry if work else None
    scope: Scope = esdh.scope_of(meeting)
    return {
        "meeting": meeting,
        "work": work,
        "entry": entry,
        "is_waiting": bool(entry and not entry.is_settled),
        "versions": scope.versions.get(meeting.pk, []),
        "closed": len(scope.closed_items),
        "attachments": sum(len(item["attachments"]) for _meeting, item in scope.item_rows()),
        "title": _("Hand-over to the case system"),
    }
