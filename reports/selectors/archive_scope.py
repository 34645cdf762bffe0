"""What a package is about, and through whose eyes it is gathered."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.utils import timezone

from committee.enums import Role
from committee.models import Committee, User
from core.models import AuditEntry
from ethics.models import ReviewRound
from meetings.enums import Access, Edition
from meetings.models import IssuedVersion, Meeting
from meetings.selectors.reading import Reading, edition_reading
from reports.models import ArchivePackage, RetentionLog
from usecases.models import UseCase

# No person has it, so that nothing anywhere is "one's own" to these eyes.
NOBODY = 0
OWN_ROWS = (ArchivePackage._meta.label, RetentionLog._meta.label)


@dataclass(frozen=True)
class Scope:
    """A body, a period with both its days, an edition, and how far the protocol is quoted.

    Everything in a package is gathered through `eyes` or `readings`, like any page: the full
    edition as the secretariat reads, the public one as anybody does.
    """

    committee: Committee
    edition: str
    period_from: date
    period_to: date
    audit_seq: int = 0
    # Only this meeting of the period; 0 for all.
    only_meeting: int = 0

    @property
    def is_full(self) -> bool:
        return self.edition == Edition.FULL

    @property
    def name(self) -> str:
        """The package's own name; it sorts, and says what it is."""
        edition = "fuld" if self.is_full else "offentlig"
        return f"{self.committee.slug}-{self.period_from}-{self.period_to}-{edition}"

    @property
    def moment(self) -> datetime:
        """The time in the metadata of what is made for the package: the end of the period."""
        return self.end - timedelta(seconds=1)

    @property
    def begin(self) -> datetime:
        return _midnight(self.period_from)

    @property
    def end(self) -> datetime:
        return _midnight(self.period_to + timedelta(days=1))

    @cached_property
    def eyes(self) -> Any:
        if not self.is_full:
            return AnonymousUser()
        eyes = User(pk=NOBODY, name="Arkiv", email="arkiv@invalid", username="arkiv")
        eyes.roles = {self.committee.pk: frozenset({Role.SECRETARIAT})}
        return eyes

    @cached_property
    def meetings(self) -> list[Meeting]:
        """Those of the period of which the readers of this edition know."""
        rows = Meeting.objects.visible_to(self.eyes).filter(committee=self.committee)
        rows = rows.filter(starts_at__gte=self.begin, starts_at__lt=self.end)
        if self.only_meeting:
            rows = rows.filter(pk=self.only_meeting)
        found = rows.select_related("committee__municipality", "rule_profile")
        return list(found.order_by("starts_at", "pk"))

    @cached_property
    def readings(self) -> dict[int, Reading]:
        """Meeting → what its readers of this edition read of it, already redacted."""
        found = {meeting.pk: edition_reading(meeting, self.edition) for meeting in self.meetings}
        return {pk: read for pk, read in found.items() if read is not None}

    @cached_property
    def versions(self) -> dict[int, list[IssuedVersion]]:
        """Meeting → everything that was issued of it, oldest first."""
        rows = IssuedVersion.objects.filter(meeting__in=[one.pk for one in self.meetings])
        found: dict[int, list[IssuedVersion]] = {}
        for row in rows.order_by("meeting", "kind", "number"):
            found.setdefault(row.meeting_id, []).append(row)
        return found

    def item_rows(self) -> Iterator[tuple[Meeting, dict[str, Any]]]:
        for meeting in self.meetings:
            read = self.readings.get(meeting.pk)
            for item in read.items if read else []:
                yield meeting, item

    @property
    def closed_items(self) -> list[int]:
        """The closed items of which the package holds more than the public heading."""
        return sorted(
            item["id"]
            for _meeting, item in self.item_rows()
            if item["access"] == Access.CLOSED and not item.get("redacted")
        )

    @cached_property
    def cases(self) -> QuerySet[UseCase]:
        """Those that had been submitted when the period ended, as they stand now."""
        rows = UseCase.objects.visible_to(self.eyes).filter(committee=self.committee)
        rows = rows.filter(submitted_at__lt=self.end)
        return rows.select_related("committee", "owner").order_by("pk")

    @property
    def reviews(self) -> QuerySet[ReviewRound]:
        return ReviewRound.objects.filter(case__in=self.cases.values("pk"), opened_at__lt=self.end)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))


def audit_rows(scope: Scope) -> QuerySet[AuditEntry]:
    """The rows of the protocol about the meetings of the period, whenever they were written,
    and those about the body itself that were written in it. Packing is no part of the record."""
    if not scope.is_full:
        return AuditEntry.objects.none()
    committee, meeting = Committee._meta.label, Meeting._meta.label
    pks = [str(one.pk) for one in scope.meetings]
    in_period = Q(at__gte=scope.begin, at__lt=scope.end)
    about = Q(scope_type=meeting, scope_id__in=pks) | Q(object_type=meeting, object_id__in=pks)
    body = Q(scope_type=committee, scope_id=str(scope.committee.pk))
    body |= Q(object_type=committee, object_id=str(scope.committee.pk))
    rows = AuditEntry.objects.filter(about | (body & in_period)).exclude(object_type__in=OWN_ROWS)
    if scope.audit_seq:
        rows = rows.filter(seq__lte=scope.audit_seq)
    return rows.order_by("seq")
