"""What a reader, and the secretariat, see of a read-through."""

from dataclasses import dataclass, field
from typing import Any

from committee.enums import SEATED, Role
from committee.models import Membership, User, roles_in, roles_of
from meetings.models import Attachment, Meeting, ReadThrough, ReadThroughComment, ReadThroughReader
from meetings.policies import reading_level
from meetings.redaction import redact
from meetings.selectors.reading import tighten

READERS = SEATED | {Role.FOLLOW_GROUP}


@dataclass(frozen=True)
class DraftItem:
    """One item of the draft with the comments the reader may see."""

    snapshot: dict[str, Any]
    comments: list[ReadThroughComment] = field(default_factory=list)

    @property
    def unsettled(self) -> int:
        return sum(comment.settled_at is None for comment in self.comments)


@dataclass(frozen=True)
class DraftReading:
    """A read-through as one person sees it."""

    row: ReadThrough
    snapshot: dict[str, Any]
    items: list[DraftItem]
    general: list[ReadThroughComment]
    readers: list[ReadThroughReader]
    mine: ReadThroughReader | None

    @property
    def done(self) -> int:
        return sum(reader.done_at is not None for reader in self.readers)


def possible_readers(committee_id: int) -> list[User]:
    """Chair, members and follow group of today, by name."""
    roles = Membership.objects.active().filter(committee=committee_id, role__in=READERS)
    return list(User.objects.filter(is_active=True, pk__in=roles.values("user")).order_by("name"))


def latest_read_through(meeting: Meeting) -> ReadThrough | None:
    """The open one, else the last that was held."""
    return meeting.read_throughs.order_by("-opened_at", "-pk").first()


def meeting_for_read_through(user: Any, meeting_id: int) -> Meeting | None:
    """The meeting, for its secretariat and for those asked to read its draft."""
    found = (
        Meeting.objects.select_related("committee__municipality", "rule_profile")
        .filter(pk=meeting_id, committee__in=list(roles_of(user)))
        .first()
    )
    if found is None:
        return None
    if runs(user, found):
        return found
    latest = latest_read_through(found)
    return found if latest and is_reader(user, found, latest) else None


def runs(user: Any, meeting: Meeting) -> bool:
    """Is `user` of the secretariat, which sees all comments?"""
    return Role.SECRETARIAT in roles_in(user, meeting.committee_id)


def is_reader(user: Any, meeting: Meeting, row: ReadThrough) -> bool:
    """Was `user` asked, and are they still somebody who can be?"""
    if not roles_in(user, meeting.committee_id) & READERS:
        return False
    return row.readers.filter(reader=user.pk).exists()


def draft_reading(user: Any, meeting: Meeting, row: ReadThrough) -> DraftReading:
    """The frozen draft, redacted for `user`, with comments. Constant number of queries."""
    snapshot = _redacted(user, meeting, row)
    comments = _comments(user, meeting, row)
    readers = list(row.readers.select_related("reader").order_by("reader__name"))
    return DraftReading(
        row=row,
        snapshot=snapshot,
        items=[DraftItem(item, comments.get(item["id"], [])) for item in snapshot["items"]],
        general=comments.get(None, []),
        readers=readers if runs(user, meeting) else [],
        mine=next((reader for reader in readers if reader.reader_id == user.pk), None),
    )


def _redacted(user: Any, meeting: Meeting, row: ReadThrough) -> dict[str, Any]:
    snapshot = row.snapshot
    tighten(meeting, snapshot)

    def level(item: dict[str, Any]) -> Any:
        return reading_level(user, item["id"], meeting.committee_id)

    return dict(redact(snapshot, level=level))


def _comments(
    user: Any, meeting: Meeting, row: ReadThrough
) -> dict[int | None, list[ReadThroughComment]]:
    """All comments for the secretariat, one's own for a reader."""
    rows = row.comments.select_related("author").order_by("at", "pk")
    if not runs(user, meeting):
        rows = rows.filter(author=user.pk)
    found: dict[int | None, list[ReadThroughComment]] = {}
    for comment in rows:
        found.setdefault(comment.item_id, []).append(comment)
    return found


def closed_items_read(user: Any, meeting: Meeting, row: ReadThrough) -> list[int]:
    """Ids of the closed items that `user` reads in full in this draft."""
    items = _redacted(user, meeting, row)["items"]
    return [item["id"] for item in items if item["access"] == "closed" and not item.get("redacted")]


def draft_attachment(user: Any, meeting: Meeting, attachment_id: int) -> Attachment | None:
    """A file of the draft, if it is still attached and `user` reads it in the draft."""
    row = latest_read_through(meeting)
    if row is None:
        return None
    items = _redacted(user, meeting, row)["items"]
    if attachment_id not in {file["id"] for item in items for file in item["attachments"]}:
        return None
    attached = Attachment.objects.filter(removed_at__isnull=True, item__removed_at__isnull=True)
    return attached.select_related("file").filter(pk=attachment_id).first()
