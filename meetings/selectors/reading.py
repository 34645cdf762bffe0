"""What a person reads of a meeting: which version, and how much of it.

Everything that shows a meeting's content (page, PDF, pack, feed) goes through `reading`.
"""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from committee.enums import READ_CLOSED
from committee.models import roles_in
from meetings.enums import (
    AGENDA_OUT,
    CLOSED_RECORD,
    Access,
    ChangeKind,
    DocumentKind,
    Edition,
    MeetingState,
    VersionKind,
)
from meetings.models import AgendaItem, Attachment, IssuedVersion, Meeting
from meetings.models.people import disqualified_items
from meetings.policies import is_insider, sees_drafts
from meetings.redaction import Level, redact
from meetings.selectors.snapshot import Snapshot, closing_of, live_snapshot

# States in which members read the minutes rather than the agenda.
MINUTES_OUT = frozenset({MeetingState.APPROVAL}) | CLOSED_RECORD
# Beside the items: the way into an online meeting, the note to the members and why somebody
# was not there are not public.
# What is left of an item that was taken off after issue is its heading.
TAKEN_OFF: dict[str, Any] = {
    "change": ChangeKind.REMOVED.value,
    "sections": [],
    "decision": None,
    "public_decision": "",
    "disqualifications": [],
    "votes": [],
    "dissents": [],
    "attachments": [],
    "follow_ups": [],
}
KEPT_FOR: dict[str, set[str]] = {
    Edition.FULL: {"online_link", "note", "remarks"},
    Edition.PUBLIC: set(),
}


@dataclass(frozen=True)
class Reading:
    """One reader's view of one meeting, already redacted."""

    meeting: Meeting
    snapshot: Snapshot
    edition: str
    version: IssuedVersion | None
    without: list[int] = field(default_factory=list)
    # Is it what citizens read, not what somebody of the committee reads in the public edition?
    outside: bool = False

    @property
    def kind(self) -> str:
        return str(self.snapshot["version"]["kind"])

    @property
    def is_live(self) -> bool:
        """Is this what is being written, rather than what was issued?"""
        return self.version is None

    @property
    def items(self) -> list[dict[str, Any]]:
        return list(self.snapshot["items"])

    def item(self, item_id: int) -> dict[str, Any] | None:
        return next((item for item in self.items if item["id"] == item_id), None)


def reading(user: Any, meeting: Meeting) -> Reading | None:
    """What `user` reads of `meeting`; None when there is nothing for them to read yet.

    The meeting itself must already have come through `Meeting.objects.visible_to(user)`.
    """
    version = readable_version(user, meeting)
    if version is None and not sees_drafts(user, meeting.committee_id):
        return None
    return version_reading(user, meeting, version)


def version_reading(user: Any, meeting: Meeting, version: IssuedVersion | None) -> Reading:
    """What `user`, who may read it, reads of that very version (None: of the live text)."""
    full = bool(roles_in(user, meeting.committee_id) & READ_CLOSED)
    without = disqualified_items(user) if full else []
    edition = Edition.FULL if full else Edition.PUBLIC
    return _reading(meeting, version, edition, without, outside=not is_insider(user, meeting))


def edition_reading(
    meeting: Meeting, edition: str, without: list[int] | None = None
) -> Reading | None:
    """What the typical reader of an edition reads: a member (full) or a citizen (public)."""
    version = member_version(meeting) if edition == Edition.FULL else public_version(meeting)
    if version is None:
        return None
    outside = edition == Edition.PUBLIC
    return _reading(meeting, version, edition, without or [], outside=outside)


def stored_reading(
    meeting: Meeting, version: IssuedVersion | None, edition: str, without: list[int]
) -> Reading:
    """The reading that a requested document was for, under today's access."""
    return _reading(meeting, version, edition, without)


def _reading(
    meeting: Meeting,
    version: IssuedVersion | None,
    edition: str,
    without: list[int],
    *,
    outside: bool = False,
) -> Reading:
    snapshot = version.snapshot if version else live_snapshot(meeting, live_kind(meeting))
    if edition == Edition.PUBLIC and not snapshot["version"].get("follows_public"):
        snapshot = _without_changes(snapshot)
    tighten(meeting, snapshot)
    mine = {item["id"] for item in snapshot["items"]}
    kept = sorted(set(without) & mine)

    def level(item: dict[str, Any]) -> Level:
        return "public" if edition == Edition.PUBLIC or item["id"] in kept else "full"

    keep = KEPT_FOR[edition] | ({"unplaced"} if version is None else set())
    redacted = redact(snapshot, level=level, keep=keep)
    return Reading(meeting, redacted, edition, version, kept, outside)


def _without_changes(snapshot: Snapshot) -> Snapshot:
    """Citizens are told of no change since a version that they never read."""
    items = [item | {"change": ""} for item in snapshot["items"]]
    return snapshot | {"changes": [], "items": items}


def live_kind(meeting: Meeting) -> str:
    """Is an agenda or are the minutes being written?"""
    writing = {MeetingState.IN_SESSION, MeetingState.MINUTES_DRAFT, MeetingState.APPROVAL}
    return VersionKind.MINUTES if meeting.state in writing else VersionKind.AGENDA


def tighten(meeting: Meeting, snapshot: Snapshot) -> None:
    """What has been closed, or taken off, since it was issued is so in what was issued.

    Opening works the other way only by issuing again. An item that was taken off keeps its
    heading and its number, and says so; a file that was taken off is not listed.
    """
    rows = AgendaItem.objects.filter(
        Q(access=Access.CLOSED) | Q(removed_at__isnull=False), meeting=meeting
    )
    closed = {item.pk: item for item in rows if item.is_closed}
    taken_off = {item.pk for item in rows if item.removed_at}
    for item in snapshot["items"]:
        if item["id"] in taken_off:
            item.update(TAKEN_OFF)
        if item["id"] in closed and item["access"] == Access.OPEN:
            item.update(closed_face(closed[item["id"]]))
    for change in snapshot["changes"]:
        if change["item"] in closed and change["access"] == Access.OPEN:
            change.update(_face(closed[change["item"]]))
    _tighten_files(meeting, snapshot)


def closed_face(item: AgendaItem) -> dict[str, Any]:
    """What an item that was sealed as open becomes when it is closed after."""
    return {**_face(item), "public_decision": "", "closing": closing_of(item)}


def _face(item: AgendaItem) -> dict[str, str]:
    return {"access": Access.CLOSED.value, "public_title": item.public_title}


def _tighten_files(meeting: Meeting, snapshot: Snapshot) -> None:
    rows = Attachment.objects.filter(item__meeting=meeting, item__removed_at__isnull=True)
    files = dict(rows.filter(removed_at__isnull=True).values_list("pk", "access"))
    for item in snapshot["items"]:
        item["attachments"] = [row for row in item["attachments"] if row["id"] in files]
        for row in item["attachments"]:
            if files[row["id"]] == Access.CLOSED:
                row["access"] = Access.CLOSED.value


def readable_version(user: Any, meeting: Meeting) -> IssuedVersion | None:
    """The issued version `user` reads; None for those who read the live text, and for nobody."""
    if sees_drafts(user, meeting.committee_id) and meeting.state not in CLOSED_RECORD:
        return None
    if is_insider(user, meeting):
        return member_version(meeting)
    return public_version(meeting)


def member_version(meeting: Meeting) -> IssuedVersion | None:
    """Minutes once they are sent for approval, before that the newest agenda."""
    if meeting.state in MINUTES_OUT and meeting.minutes_version:
        return _version(meeting, VersionKind.MINUTES)
    return _version(meeting, VersionKind.AGENDA)


def public_version(meeting: Meeting) -> IssuedVersion | None:
    """Minutes once published, before that the agenda that has been let out to the public."""
    if meeting.state == MeetingState.PUBLISHED:
        # An addition is not public before somebody has published it.
        numbered = meeting.versions.filter(number=meeting.public_minutes)
        return numbered.filter(kind=VersionKind.MINUTES).first()
    if meeting.state in AGENDA_OUT and meeting.rule_profile.rules["agenda_public_on_issue"]:
        return _public_agenda(meeting)
    return None


def _public_agenda(meeting: Meeting) -> IssuedVersion | None:
    numbered = meeting.versions.filter(kind=VersionKind.AGENDA, number=meeting.public_agenda)
    return numbered.first() if meeting.public_agenda else None


def is_public_file(meeting: Meeting, attachment_id: int) -> bool:
    """Is the file in what citizens read now?"""
    read = edition_reading(meeting, Edition.PUBLIC)
    files = [row["id"] for item in (read.items if read else []) for row in item["attachments"]]
    return attachment_id in files


def _version(meeting: Meeting, kind: str) -> IssuedVersion | None:
    number = meeting.agenda_version if kind == VersionKind.AGENDA else meeting.minutes_version
    return meeting.versions.filter(kind=kind, number=number).first() if number else None


def kinds_of(reading: Reading) -> tuple[str, ...]:
    """The documents a reader can have: of what they read, and of the agenda it began with."""
    agenda = (DocumentKind.AGENDA, DocumentKind.PACK)
    if reading.kind == VersionKind.AGENDA:
        return agenda
    meeting = reading.meeting
    has_agenda = meeting.public_agenda if reading.outside else meeting.agenda_version
    return (DocumentKind.MINUTES, *(agenda if has_agenda else ()))


def printed_reading(read: Reading, kind: str) -> Reading:
    """What a document of `kind` is made of for the reader of `read`.

    Agenda and pack stay what was issued, also when the minutes are what one reads now.
    """
    wanted = VersionKind.MINUTES if kind == DocumentKind.MINUTES else VersionKind.AGENDA
    if read.kind == wanted:
        return read
    outside = read.outside and wanted == VersionKind.AGENDA
    version = _public_agenda(read.meeting) if outside else _version(read.meeting, wanted)
    return _reading(read.meeting, version, read.edition, read.without, outside=read.outside)


def holds_closed_text(reading: Reading) -> bool:
    """Does this reader read a closed item in full?"""
    return any(
        item["access"] == Access.CLOSED and not item.get("redacted") for item in reading.items
    )
