"""Finish the minutes: for approval, corrected, locked. `publication` takes them further."""

from typing import Any

from django.db import transaction
from django.utils import translation

from core import audit
from core.verdicts import Refused
from meetings import policies
from meetings.enums import VersionKind
from meetings.models import IssuedVersion, Meeting
from meetings.selectors.completeness import missing_in_minutes
from meetings.selectors.snapshot import live_snapshot
from meetings.services.documents import request_documents
from meetings.services.freezing import freeze
from meetings.services.sealing import seal
from meetings.workflow import MEETING


@transaction.atomic
def send_for_approval(*, meeting: Meeting, by: Any) -> IssuedVersion:
    """Freeze the minutes as the next version and let the members read them.

    Raises `Refused` with the first thing that is missing.
    """
    policies.can_finish_minutes(by, meeting).require()
    if missing := missing_in_minutes(meeting):
        raise Refused(missing[0].text)
    return _new_version(meeting, "send_for_approval", by)


@transaction.atomic
def reopen_minutes(*, meeting: Meeting, by: Any) -> Meeting:
    """Take the minutes back for correction; the version sent stays as it was."""
    policies.can_finish_minutes(by, meeting).require()
    MEETING.apply(meeting, "reopen_minutes")
    audit.record("meetings.reopen_minutes", meeting, by=by, scope=meeting)
    return meeting


def _new_version(meeting: Meeting, move: str, by: Any) -> IssuedVersion:
    number = meeting.minutes_version + 1
    with translation.override("da"):
        snapshot = live_snapshot(meeting, VersionKind.MINUTES, number=number)
    snapshot["unplaced"] = ""
    MEETING.apply(meeting, move, where={"minutes_version": number - 1}, minutes_version=number)
    version = freeze(meeting, snapshot, by=by)
    audit.record(
        f"meetings.{move}",
        meeting,
        by=by,
        scope=meeting,
        data={"version": number, "sha256": version.sha256},
    )
    request_documents(meeting, kinds=("minutes",), by=by)
    return version


@transaction.atomic
def lock_minutes(*, meeting: Meeting, by: Any) -> Meeting:
    """Lock the minutes in the version that was sent for approval."""
    policies.can_lock_minutes(by, meeting).require()
    MEETING.apply(meeting, "lock")
    version = meeting.versions.get(kind=VersionKind.MINUTES, number=meeting.minutes_version)
    act = audit.record(
        "meetings.lock",
        meeting,
        by=by,
        scope=meeting,
        data={"version": version.number, "sha256": version.sha256},
    )
    seal(version, act)
    request_documents(meeting, kinds=("minutes",), by=by)
    return meeting
