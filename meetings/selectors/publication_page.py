"""The page where a publication is checked, asked for and approved."""

from typing import Any

from django.utils.translation import gettext as _

from core.diffs import word_diff
from core.verdicts import YES, Verdict
from meetings import policies
from meetings.enums import AGENDA_OPEN, Access, Edition, MeetingState, VersionKind
from meetings.models import Meeting
from meetings.selectors.completeness import missing_headings
from meetings.selectors.publication import (
    coming_reading,
    drafted_reading,
    find_private,
    minuted_fields,
    open_request,
    public_digest,
    public_fields,
    reads_the_same,
)
from meetings.selectors.reading import Reading, edition_reading
from meetings.selectors.snapshot import agenda_items
from meetings.workflow import MEETING

Item = dict[str, Any]


def publish_page(user: Any, meeting: Meeting, kind: str = VersionKind.MINUTES) -> dict[str, Any]:
    """Exactly what becomes public, what of it is new, and what stops it."""
    items = agenda_items(meeting)
    for item in items:
        item.meeting = meeting
    coming = coming_reading(meeting, kind)
    return {
        "meeting": meeting,
        "kind": str(kind),
        "missing": missing_headings(meeting, items),
        **look(user, meeting, coming, edition_reading(meeting, Edition.PUBLIC)),
        **_counts(items),
        **_asking(user, meeting, coming),
        "is_published": _is_published(meeting, kind),
        "is_waiting": _is_waiting(meeting, kind),
        "works": True,
        "is_insider": True,
        "tab": "minutes" if kind == VersionKind.MINUTES else "agenda",
    }


def look(user: Any, meeting: Meeting, coming: Reading, now: Reading | None) -> dict[str, Any]:
    """The findings in `coming`, and how it differs from what citizens read now."""
    findings = find_private(meeting, coming)
    return {
        "findings": findings,
        "waiting": [finding for finding in findings if not finding.is_resolved],
        "resolved": [finding for finding in findings if finding.is_resolved],
        "now_kind": now.kind if now else "",
        "attendance": coming.snapshot["attendance"],
        "public_items": what_changes(now, coming),
        "can_resolve": policies.can_publish_minutes(user, meeting),
    }


def _is_published(meeting: Meeting, kind: str) -> bool:
    if kind == VersionKind.AGENDA:
        return 0 < meeting.agenda_version == meeting.public_agenda
    return meeting.state == MeetingState.PUBLISHED and not meeting.has_unpublished_addition


def _is_waiting(meeting: Meeting, kind: str) -> bool:
    """Is there an agenda to let out? Minutes say for themselves what comes before."""
    return kind == VersionKind.MINUTES or meeting.has_unpublished_agenda


def before_issue(user: Any, meeting: Meeting) -> dict[str, Any]:
    """What citizens will see of the agenda as it stands, and when they will see it."""
    if meeting.state not in AGENDA_OPEN or not meeting.rule_profile.rules["agenda_public_on_issue"]:
        return {"goes_public": "never"}
    coming = drafted_reading(meeting)
    now = edition_reading(meeting, Edition.PUBLIC)
    looked = look(user, meeting, coming, now)
    same = reads_the_same(now, coming)
    return looked | {"goes_public": _when(meeting, looked["waiting"], same=same)}


def _when(meeting: Meeting, waiting: list[Any], *, same: bool) -> str:
    """As `services.publication.let_out_agenda` has it."""
    if waiting:
        return "findings"
    if policies.takes_two(meeting, VersionKind.AGENDA) and not same:
        return "approved"
    return "published" if meeting.is_agenda_withdrawn else "now"


def _counts(items: list[Any]) -> dict[str, int]:
    attachments = [a for item in items for a in item.attachments.all()]
    closed_files = sum(a.access == Access.CLOSED for a in attachments)
    closed = sum(item.access == Access.CLOSED for item in items)
    return {
        "open_items": len(items) - closed,
        "closed_items": closed,
        "open_files": len(attachments) - closed_files,
        "closed_files": closed_files,
    }


def _asking(user: Any, meeting: Meeting, coming: Reading) -> dict[str, Any]:
    """Who has asked, whether that is still the text, and what `user` can do about it."""
    kind = coming.kind
    request = open_request(meeting, kind)
    four_eyes = policies.takes_two(meeting, kind)
    is_current = request is not None and request.sha256 == public_digest(coming)
    verdict = policies.can_approve_publication(user, meeting, kind)
    if is_current or not four_eyes:
        act = "approve" if four_eyes else "publish"
    else:
        act, verdict = "ask", policies.can_publish_minutes(user, meeting)
    return {
        "asked": request if is_current else None,
        "is_outdated": request is not None and not is_current,
        "act": act,
        "verdict": _in_time(meeting, kind) if verdict else verdict,
    }


def _in_time(meeting: Meeting, kind: str) -> Verdict:
    return YES if kind == VersionKind.AGENDA else MEETING.check(meeting, _move(meeting))


def _move(meeting: Meeting) -> str:
    return "publish_addition" if meeting.has_unpublished_addition else "publish"


def what_changes(now: Reading | None, coming: Reading) -> list[Item]:
    """Item by item what citizens will see, marked against what they see now."""
    before = {item["id"]: item for item in now.items} if now else {}
    shown = [_item_changes(before.pop(item["id"], None), item) for item in coming.items]
    minuted = _minuted_changes(now, coming)
    return shown + [_gone(item) for item in before.values()] + minuted


def _minuted_changes(now: Reading | None, coming: Reading) -> list[Item]:
    """Reservations, additions and what else stands under the items, as one entry."""
    was = {name: text for name, _h, text, _i in minuted_fields(now.snapshot)} if now else {}
    rows = minuted_fields(coming.snapshot)
    if not rows:
        return []
    fields = [
        {
            "heading": heading,
            "pieces": word_diff(was.get(name, ""), text),
            "is_new": name not in was,
        }
        for name, heading, text, _item in rows
        if was.get(name, "") != text
    ]
    unchanged = [heading for name, heading, text, _item in rows if was.get(name, "") == text]
    head = {"number": "", "title": _("Under the items"), "access": Access.OPEN.value}
    files: dict[str, list[str]] = {"new": [], "taken": [], "kept": []}
    return [{**head, "is_gone": False, "fields": fields, "unchanged": unchanged, **files}]


def _gone(item: Item) -> Item:
    return {**_head(item), "is_gone": True, "fields": [], "unchanged": [], "new": [], "taken": []}


def _head(item: Item) -> Item:
    return {
        "number": item["number"],
        "title": item.get("title") or item.get("public_title", ""),
        "access": item["access"],
    }


def _item_changes(old: Item | None, new: Item) -> Item:
    was = {name: text for name, _h, text, _a in public_fields(old)} if old else {}
    is_now = {name: text for name, _h, text, _a in public_fields(new)}
    headings = {name: heading for item in (old, new) if item for name, heading, _t, _a in
                public_fields(item)}  # fmt: skip
    changed = [name for name in headings if was.get(name, "") != is_now.get(name, "")]
    return {
        **_head(new),
        "is_gone": False,
        "fields": [
            {
                "heading": headings[name],
                "pieces": word_diff(was.get(name, ""), is_now.get(name, "")),
                "is_new": name not in was,
            }
            for name in changed
        ],
        "unchanged": [headings[name] for name in headings if name not in changed],
        **_file_changes(old, new),
    }


def _file_changes(old: Item | None, new: Item) -> dict[str, list[str]]:
    def files(item: Item | None) -> dict[int, str]:
        rows = item["attachments"] if item else []
        return {row["id"]: "{number} {title} ({filename})".format(**row) for row in rows}

    before, after = files(old), files(new)
    return {
        "new": [name for pk, name in after.items() if pk not in before],
        "taken": [name for pk, name in before.items() if pk not in after],
        "kept": [name for pk, name in after.items() if pk in before],
    }
