"""Ask for packages, and check those that are stored."""

from datetime import date
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from committee.models import Committee
from core import audit, outbox
from core.canonical import canonical_json, sha256_hex
from core.models import Work
from core.templatetags.ur import full_date
from core.verdicts import Refused
from core.works import request_work
from meetings.enums import Edition
from reports.archive import CHECK
from reports.archive.checking import Checked, check_package
from reports.models import ArchivePackage
from reports.policies import archive as policies
from reports.selectors.archive_scope import Scope, audit_rows
from reports.selectors.archive_tables import Table, tables

KIND = "reports.archive"
# Raise it when a package of the same data would be packed otherwise.
LAYOUT = 1
LONGEST_FAULTS = 200


def scope_of(package: ArchivePackage) -> Scope:
    return Scope(
        package.committee,
        package.edition,
        package.period_from,
        package.period_to,
        package.audit_seq,
    )


def newest_row(scope: Scope) -> int:
    return audit_rows(scope).values_list("seq", flat=True).last() or 0


def digest_of(scope: Scope) -> str:
    """Names exactly one package: every row of its data, what was issued, and how it looks."""
    municipality = scope.committee.municipality
    last = audit_rows(scope).values_list("seq", "hash").last()
    versions = [
        [row.meeting_id, row.kind, row.number, row.sha256]
        for rows in scope.versions.values()
        for row in rows
        if scope.is_full
    ]
    read = [one.snapshot for one in scope.readings.values()]
    looks = [municipality.name, municipality.colour, municipality.logo.name or ""]
    data = [[table.by.name, table.rows] for table in tables(scope)]
    parts = [LAYOUT, scope.name, scope.committee.full_name, looks, data, versions, read, last]
    return sha256_hex(canonical_json(parts))


def held_rows(found: list[Table]) -> dict[str, list[int]]:
    """Model → the ids of the rows that the package holds; a public face is not the row."""
    return {
        table.by.model: [
            row["id"] for row in table.rows if row["id"] is not None and not row.get("redacted")
        ]
        for table in found
        if table.by.model
    }


def closed_items_of(scope: Scope) -> list[int]:
    return scope.closed_items


def _title(scope: Scope) -> str:
    facts = {
        "committee": scope.committee.name,
        "from": full_date(scope.period_from),
        "to": full_date(scope.period_to),
        "edition": str(Edition(scope.edition).label).lower(),
    }
    return (_("Archive of %(committee)s, %(from)s – %(to)s, %(edition)s") % facts)[:200]


@transaction.atomic
def request_package(
    *, committee: Committee, edition: str, period_from: date, period_to: date, by: Any
) -> ArchivePackage:
    """Ask for the package of a period; the same data again is the same package."""
    policies.can_make(by, committee, edition).require()
    if period_to < period_from:
        raise Refused(_("The period must end after it begins."), "period_to")
    if edition == Edition.PUBLIC and not committee.is_public:
        raise Refused(_("The body is not public, so there is no public edition."), "edition")
    scope = Scope(committee, edition, period_from, period_to)
    with translation.override("da"):
        reach = newest_row(scope)
        scope = Scope(committee, edition, period_from, period_to, reach)
        digest = digest_of(scope)
        title = _title(scope)
    work = request_work(kind=KIND, key=f"{KIND}:{digest}", title=title, params={}, by=by)
    package, created = ArchivePackage.objects.get_or_create(
        work=work,
        defaults={
            "committee": committee,
            "edition": edition,
            "period_from": period_from,
            "period_to": period_to,
            "audit_seq": reach,
            "asked_by": by if getattr(by, "pk", None) else None,
        },
    )
    if created:
        facts = {"edition": edition, "from": str(period_from), "to": str(period_to)}
        audit.record("reports.ask_package", package, by=by, scope=committee, data=facts)
    try_again(work)
    return package


def try_again(work: Work) -> None:
    """Asking for what could not be made, or was out of date then, is another try."""
    entry = work.entry if work.file_id is None else None
    if entry and entry.is_settled:
        outbox.requeue(entry)


@transaction.atomic
def ask_check(*, package: ArchivePackage, by: Any) -> None:
    """Let the worker read the stored package through."""
    policies.can_check(by, package).require()
    if not package.is_made:
        raise Refused(_("The package has not been made yet."))
    key = f"{CHECK}:{package.pk}"
    entry = outbox.enqueue(kind=CHECK, key=key, payload={"package": package.pk}, by=by.pk)
    outbox.requeue(entry)


@transaction.atomic
def record_reading(*, package: ArchivePackage, by: Any) -> None:
    """That somebody opened a package with closed items is an act."""
    if policies.closed_in(package):
        audit.record("reports.read_package", package, by=by, scope=package.committee)


def check_stored(package: ArchivePackage) -> Checked:
    """Read the stored file through, and remember and record what came of it."""
    file = package.work.file
    if file is None:
        raise ValueError("the package has not been made yet")
    if not default_storage.exists(file.path):
        checked = Checked()
        checked.note("", _("The file is missing in the store."))
    else:
        checked = check_package(Path(default_storage.path(file.path)))
    faults = [[fault.name, str(fault.why)] for fault in checked.faults[:LONGEST_FAULTS]]
    with transaction.atomic():
        before = ArchivePackage.objects.select_for_update().get(pk=package.pk)
        ArchivePackage.objects.filter(pk=package.pk).update(
            checked_at=timezone.now(), is_valid=checked.is_valid, faults=faults
        )
        if before.is_valid is not checked.is_valid:
            facts = {"valid": checked.is_valid, "faults": len(checked.faults)}
            scope = package.committee
            audit.record("reports.check_package", package, by=None, scope=scope, data=facts)
    return checked
