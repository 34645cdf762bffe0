"""“Changed since last”: from the protocol, only the acts that the reader may know of."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from committee.enums import SEE_DRAFTS
from core.models import AuditEntry
from meetings.enums import AGENDA_OUT, DocumentKind, Edition
from meetings.models import AgendaItem, Meeting, RenderedDocument
from meetings.policies import reading_level
from meetings.selectors.reading import MINUTES_OUT
from meetings.verbs import WORDS, verb_words
from portal.selectors.facts import Facts, reads_closed
from portal.selectors.naming import short_name

# The first visit tells of the last two weeks.
FIRST_LOOK = timedelta(days=14)
NEWEST = 300
SHOWN = 8

# What everybody who knows of the meeting may know was done. The rest is work in progress.
FOR_ALL = frozenset(
    f"meetings.{verb}"
    for verb in (
        "announce_meeting", "change_meeting", "cancel_meeting", "issue_agenda", "begin", "end",
        "send_for_approval", "lock", "publish", "withdraw", "publish_agenda", "withdraw_agenda",
    )
)  # fmt: skip
# Looking is logged, but it changes nothing; input is read when the round is closed; addresses
# are people's own.
NOT_NEWS = frozenset(
    f"meetings.{verb}"
    for verb in (
        "read_closed_item", "read_closed_draft", "save_answer", "renew_calendar_address",
        "mail_not_sent",
    )
)  # fmt: skip
FOR_WORKERS = frozenset(WORDS) - NOT_NEWS


@dataclass(frozen=True)
class Entry:
    """One thing that happened; `times` when the same person did it several times."""

    title: str
    url: str
    where: str
    at: datetime
    times: int = 1


@dataclass(frozen=True)
class News:
    """What happened since `since`; `until` is what is marked as read."""

    entries: list[Entry]
    since: datetime | None
    until: datetime
    more: int


def news(facts: Facts) -> News:
    """Newest first; three queries however much happened."""
    entries = [*_acts(facts), *_documents(facts)]
    entries.sort(key=lambda entry: entry.at, reverse=True)
    more = max(len(entries) - SHOWN, 0)
    return News(entries[:SHOWN], facts.since, facts.now, more)


def _start(facts: Facts) -> datetime:
    return facts.since or facts.now - FIRST_LOOK


# Acts ---------------------------------------------------------------------------------


def _acts(facts: Facts) -> list[Entry]:
    if not facts.meetings:
        return []
    by_id = {str(meeting.pk): meeting for meeting in facts.meetings}
    rows = [row for row in _rows(facts) if _may_know(facts, row, by_id)]
    items = _items_of(rows)
    grouped: dict[tuple[Any, ...], list[AuditEntry]] = {}
    for row in rows:
        item = _item_id(row)
        grouped.setdefault((row.verb, _meeting_id(row), item), []).append(row)
    return [
        _entry(facts, same, by_id[_meeting_id(same[0])], items.get(_item_id(same[0]) or ""))
        for same in grouped.values()
    ]


def _rows(facts: Facts) -> list[AuditEntry]:
    rows = AuditEntry.objects.filter(
        at__gt=_start(facts), at__lte=facts.now, verb__in=FOR_WORKERS
    ).exclude(actor_id=facts.user.pk)
    return list(rows.order_by("-seq")[:NEWEST])


def _meeting_id(row: AuditEntry) -> str:
    if row.object_type == Meeting._meta.label:
        return row.object_id
    return row.scope_id if row.scope_type == Meeting._meta.label else ""


def _item_id(row: AuditEntry) -> str | None:
    return row.object_id if row.object_type == AgendaItem._meta.label else None


def _may_know(facts: Facts, row: AuditEntry, by_id: dict[str, Meeting]) -> bool:
    meeting = by_id.get(_meeting_id(row))
    if meeting is None:
        return False
    return row.verb in FOR_ALL or facts.has_role(meeting.committee_id, SEE_DRAFTS)


def _items_of(rows: list[AuditEntry]) -> dict[str, AgendaItem]:
    ids = {item for row in rows if (item := _item_id(row))}
    if not ids:
        return {}
    return {str(item.pk): item for item in AgendaItem.objects.filter(pk__in=ids)}


def _entry(
    facts: Facts, same: list[AuditEntry], meeting: Meeting, item: AgendaItem | None
) -> Entry:
    newest = same[0]
    title = _("%(who)s %(did)s") % {"who": _who(same), "did": verb_words(newest.verb)}
    where, url = short_name(meeting), meeting.get_absolute_url()
    if item is not None:
        where += f" · {_heading(facts, meeting, item)}"
    if item is not None and item.removed_at is None:
        url = item.get_absolute_url()
    people = {row.actor_name for row in same}
    return Entry(title, url, where, newest.at, len(same) if len(people) == 1 else 1)


def _who(same: list[AuditEntry]) -> str:
    """The one who did it last, and how many others did the same."""
    others = len({row.actor_name for row in same}) - 1
    if not others:
        return same[0].actor_name
    text = ngettext("%(name)s and %(n)s other", "%(name)s and %(n)s others", others)
    return text % {"name": same[0].actor_name, "n": others}


def _heading(facts: Facts, meeting: Meeting, item: AgendaItem) -> str:
    """The heading as far as the reader may see it."""
    number = _("item %(number)s") % {"number": item.position}
    full = reading_level(facts.user, item.pk, meeting.committee_id) == "full"
    heading = item.title if full else item.public_heading
    return f"{number}, {heading}" if heading else number


# Finished documents ----------------------------------------------------------------------


def _documents(facts: Facts) -> list[Entry]:
    """The PDFs that were made of what the reader reads."""
    if not facts.meetings:
        return []
    by_id = {meeting.pk: meeting for meeting in facts.meetings}
    rows = RenderedDocument.objects.filter(
        meeting__in=by_id,
        file__created_at__gt=_start(facts),
        file__created_at__lte=facts.now,
        version__isnull=False,
        without=[],
    ).select_related("file")
    newest: dict[tuple[int, str], RenderedDocument] = {}
    for row in rows.order_by("pk"):
        if _is_for(facts, by_id[row.meeting_id], row):
            newest[row.meeting_id, row.kind] = row
    return [_finished(by_id[row.meeting_id], row) for row in newest.values()]


def _is_for(facts: Facts, meeting: Meeting, row: RenderedDocument) -> bool:
    edition = Edition.FULL if reads_closed(facts, meeting) else Edition.PUBLIC
    minutes = row.kind == DocumentKind.MINUTES
    return row.edition == edition and meeting.state in (MINUTES_OUT if minutes else AGENDA_OUT)


def _finished(meeting: Meeting, row: RenderedDocument) -> Entry:
    title = _("The PDF is ready: %(document)s") % {
        "document": str(DocumentKind(row.kind).label).lower()
    }
    url = reverse("meetings:document_file", args=[meeting.pk, row.kind])
    made_at = row.file.created_at if row.file else row.requested_at
    return Entry(title, url, short_name(meeting), made_at)
