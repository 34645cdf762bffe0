"""Issue the agenda: version 1, and later versions with their computed change list."""

from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core import audit
from core.verdicts import Refused, StaleState
from meetings import policies
from meetings.changes import Change, compute_changes, mark_changes
from meetings.enums import VersionKind
from meetings.models import IssuedVersion, Meeting
from meetings.selectors.snapshot import live_snapshot
from meetings.services.documents import request_documents
from meetings.services.freezing import freeze
from meetings.services.invitations import send_invitations
from meetings.services.publication import let_out_agenda
from meetings.workflow import MEETING


def newest_version(meeting: Meeting, kind: str) -> IssuedVersion | None:
    """The latest issued agenda or minutes."""
    return meeting.versions.filter(kind=kind).order_by("-number").first()


def pending_changes(meeting: Meeting) -> list[Change]:
    """What has changed since the agenda was last issued; nothing before version 1."""
    latest = newest_version(meeting, VersionKind.AGENDA)
    if latest is None:
        return []
    return compute_changes(latest.snapshot, live_snapshot(meeting, VersionKind.AGENDA))


@transaction.atomic
def issue_agenda(*, meeting: Meeting, expected: int, by: Any, note: str = "") -> IssuedVersion:
    """Issue the agenda as version `expected` and send it to the members.

    What becomes of its public part is `let_out_agenda`'s business; the members never wait.

    `expected` is the number the user saw on the button: a second click, or a second secretary,
    finds it taken (`StaleState`). Raises `Refused` when nothing changed since the last version.
    """
    policies.can_issue_agenda(by, meeting).require()
    number = meeting.agenda_version + 1
    if expected != number:
        raise StaleState(_already_issued(meeting))
    with translation.override("da"):
        snapshot = _agenda(meeting, number, note)
    _require_news(meeting, snapshot)
    MEETING.apply(
        meeting,
        "issue",
        where={"agenda_version": meeting.agenda_version},
        agenda_version=number,
        ical_sequence=meeting.ical_sequence + 1,
        announced_at=meeting.announced_at or timezone.now(),
        changed_at=timezone.now(),
    )
    _end_read_through(meeting)
    version = freeze(meeting, snapshot, by=by)
    audit.record(
        "meetings.issue_agenda",
        meeting,
        by=by,
        scope=meeting,
        data={
            "version": number,
            "sha256": version.sha256,
            "changes": len(snapshot["changes"]),
            "public": let_out_agenda(meeting=meeting, by=by),
        },
    )
    request_documents(meeting, kinds=("agenda", "pack"), by=by)
    send_invitations(meeting=meeting, version=version, by=by)
    return version


def _agenda(meeting: Meeting, number: int, note: str) -> dict[str, Any]:
    snapshot = live_snapshot(meeting, VersionKind.AGENDA, number=number)
    snapshot["version"]["note"] = note
    # Do citizens know what the list of changes compares with? (A version that is overtaken
    # never becomes public later.)
    snapshot["version"]["follows_public"] = meeting.public_agenda == number - 1
    # What an import could not place is the secretariat's own; it is never issued.
    snapshot["unplaced"] = ""
    mark_changes(snapshot, pending_changes(meeting))
    return snapshot


def _require_news(meeting: Meeting, snapshot: dict[str, Any]) -> None:
    """A new version has a change, a note, or another date, place or fact of the meeting."""
    latest = newest_version(meeting, VersionKind.AGENDA)
    if latest is None or latest.number != meeting.agenda_version:
        # The first one; or somebody else was first, which the move itself finds out.
        return
    if snapshot["changes"] or snapshot["version"]["note"]:
        return
    if latest.snapshot["meeting"] == snapshot["meeting"]:
        raise Refused(
            _("Nothing has changed since version %(number)s.") % {"number": latest.number}
        )


def _already_issued(meeting: Meeting) -> str:
    latest = newest_version(meeting, VersionKind.AGENDA)
    if latest is None:
        return _("The agenda has changed state. Nothing was changed.")
    return _("Version %(number)s is already issued by %(name)s. Nothing was changed.") % {
        "number": latest.number,
        "name": latest.issued_by,
    }


def _end_read_through(meeting: Meeting) -> None:
    meeting.read_throughs.filter(closed_at__isnull=True).update(closed_at=timezone.now())


@transaction.atomic
def approve_agenda(*, meeting: Meeting, by: Any) -> None:
    """The chair agrees to the agenda as it stands."""
    policies.can_approve_agenda(by, meeting).require()
    meeting.agenda_approved_at, meeting.agenda_approved_by = timezone.now(), by
    meeting.save(update_fields=["agenda_approved_at", "agenda_approved_by"])
    audit.record("meetings.approve_agenda", meeting, by=by, scope=meeting)
