"""What a meeting hands over to the case system, and the name of exactly that."""

from django.utils import timezone, translation

from core.canonical import canonical_json, sha256_hex
from core.models import Work
from core.works import find_work
from meetings.enums import Edition
from meetings.models import Meeting
from reports.selectors.archive_scope import Scope

KIND = "reports.esdh"
LAYOUT = 1


def scope_of(meeting: Meeting, edition: str = Edition.FULL) -> Scope:
    day = timezone.localtime(meeting.starts_at).date()
    return Scope(meeting.committee, edition, day, day, only_meeting=meeting.pk)


def key_of(meeting: Meeting) -> str:
    """Names exactly one hand-over: what was issued, and what each edition reads today."""
    with translation.override("da"):
        scopes = [scope_of(meeting, edition) for edition in Edition.values]
        read = [[one.snapshot for one in scope.readings.values()] for scope in scopes]
        rows = scopes[0].versions.get(meeting.pk, [])
    versions = [[row.kind, row.number, row.sha256, row.seals.count()] for row in rows]
    looks = [meeting.committee.municipality.colour, meeting.committee.municipality.logo.name or ""]
    return f"{KIND}:{sha256_hex(canonical_json([LAYOUT, meeting.pk, read, versions, looks]))}"


def current_work(meeting: Meeting) -> Work | None:
    """The hand-over of the meeting as it stands now, if it was asked for."""
    return find_work(key_of(meeting))
