"""Hand a meeting over to the municipality's case system."""

from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from core import audit
from core.canonical import canonical_json, sha256_hex
from core.models import Work
from core.verdicts import Refused
from core.works import find_work, request_work
from meetings.enums import Edition
from meetings.models import Meeting
from reports.policies import archive as policies
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


@transaction.atomic
def request_hand_off(*, meeting: Meeting, by: Any) -> Work:
    """Ask for the folder; asking again for the same is the same work."""
    policies.can_hand_off(by, meeting).require()
    if not scope_of(meeting).versions:
        raise Refused(_("Nothing of the meeting has been issued yet."))
    key, params = key_of(meeting), {"meeting": meeting.pk}
    day = timezone.localtime(meeting.starts_at).date()
    title = f"{day}-{meeting.committee.slug}-esdh.zip"
    fresh = find_work(key) is None
    work = request_work(kind=KIND, key=key, title=title, params=params, by=by)
    if fresh:
        audit.record("reports.ask_hand_off", meeting, by=by, scope=meeting)
    return work


@transaction.atomic
def record_reading(*, meeting: Meeting, by: Any) -> None:
    """That somebody opened the folder of a meeting with closed items is an act."""
    if scope_of(meeting).closed_items:
        audit.record("reports.read_hand_off", meeting, by=by, scope=meeting)
