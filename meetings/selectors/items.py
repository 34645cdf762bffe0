"""One item's pages: reading it and writing it."""

from dataclasses import dataclass
from typing import Any

from committee.enums import SEATED
from committee.models import roles_in
from core.models import Draft
from core.text import word_count
from meetings import policies
from meetings.enums import (
    AGENDA_OPEN,
    DECIDING,
    DECISION,
    PUBLIC_DECISION,
    ChangeKind,
    MeetingState,
    Outcome,
)
from meetings.models import AgendaItem, Attachment
from meetings.selectors.carrying import provenance
from meetings.selectors.completeness import missing_in_item
from meetings.selectors.decisions import numbered
from meetings.selectors.follow_ups import of_item
from meetings.selectors.reading import reading
from meetings.selectors.snapshot import agenda_items


def item_reading(user: Any, item: AgendaItem) -> dict[str, Any] | None:
    """What `user` reads of the item, with its neighbours; None when it is not in what they read."""
    meeting = item.meeting
    read = reading(user, meeting)
    shown = read.item(item.pk) if read else None
    if read is None or shown is None:
        return None
    readable = [entry for entry in read.items if entry["change"] != ChangeKind.REMOVED]
    place = readable.index(shown)
    seated = bool(roles_in(user, meeting.committee_id) & SEATED)
    return {
        "meeting": meeting,
        "item": shown,
        "reading": read,
        "version": read.snapshot["version"],
        "place": place + 1,
        "count": len(readable),
        "previous": readable[place - 1] if place else None,
        "next": readable[place + 1] if place + 1 < len(readable) else None,
        "dots": range(len(readable)),
        "is_insider": policies.is_insider(user, meeting),
        "can_edit": policies.can_write_item(user, item),
        "provenance": provenance(user, item),
        "follow_ups": of_item(user, item),
        "numbered": numbered(user, item),
        "can_add_follow_up": policies.can_add_follow_up(user, item),
        "follows_votes": meeting.state in DECIDING | {MeetingState.ISSUED}
        and policies.can_follow_votes(user, item),
        "can_declare": policies.can_declare_disqualified(user, item) if seated else None,
        "can_raise": policies.can_raise_disqualification(user, item),
        "declared": seated
        and item.disqualifications.filter(member=user.pk, lifted_at__isnull=True).first(),
    }


@dataclass(frozen=True)
class Field:
    """One long text in the editor: what is shown, what it was written on, how far it is."""

    key: str
    heading: str
    hint: str
    lead: str
    text: str
    version: int
    words: int
    shape: str
    required: bool
    from_draft: bool
    saved_text: str


def edit_page(user: Any, item: AgendaItem, draft: Draft | None) -> dict[str, Any]:
    """What the editor shows, with the person's own draft in place of the saved text."""
    meeting = item.meeting
    texts = {text.key: text for text in item.texts.all()}
    template = meeting.template
    fields = [
        _field(
            section.key,
            section.heading,
            texts,
            draft,
            hint=section.hint,
            lead=section.lead,
            required=section.required,
        )
        for section in template.sections
    ]
    internal = _field(DECISION, template.decision_heading, texts, draft)
    public = _field(PUBLIC_DECISION, "", texts, draft)
    attached = Attachment.objects.attached().filter(item=item).select_related("file")
    return {
        "meeting": meeting,
        "item": item,
        "fields": fields,
        "decision": internal,
        "public_decision": public,
        "outcomes": Outcome.choices,
        "attachments": list(attached),
        "neighbours": _neighbours(user, item),
        "missing": missing_in_item(item),
        "has_draft": any(field.from_draft for field in [*fields, internal, public]),
        "draft": draft,
        "can_write": policies.can_write_item(user, item),
        "can_decide": policies.can_record_decision(user, item),
        "is_agenda_open": meeting.state in AGENDA_OPEN,
        "disqualified": _open_cases(user, item),
    }


def _open_cases(user: Any, item: AgendaItem) -> list[dict[str, Any]]:
    """Who is kept from the item, each with the grounds when `user` reads them."""
    found = []
    for row in item.disqualifications.filter(lifted_at__isnull=True).select_related("member"):
        row.item = item
        found.append(
            {"case": row, "grounds": row.grounds if policies.reads_grounds(user, row) else ""}
        )
    return found


def _neighbours(user: Any, item: AgendaItem) -> list[dict[str, Any]]:
    """The side list; a heading that this reader may not see shows its public face."""
    rows = []
    for other in agenda_items(item.meeting):
        level = policies.reading_level(user, other.pk, item.meeting.committee_id)
        readable = level == "full" or not other.is_closed
        rows.append(
            {
                "item": other,
                "title": other.title if readable else other.public_heading,
                "readable": readable,
            }
        )
    return rows


def _field(
    key: str,
    heading: str,
    texts: dict[str, Any],
    draft: Draft | None,
    *,
    hint: str = "",
    lead: str = "",
    required: bool = False,
) -> Field:
    stored = texts.get(key)
    saved = stored.text if stored else ""
    version = stored.version if stored else 0
    drafted = (draft.fields if draft else {}).get(key)
    from_draft = drafted is not None and drafted.strip() != saved
    text = drafted if from_draft and drafted is not None else saved
    base = (draft.base_versions if draft and from_draft else {}).get(key, version)
    return Field(
        key=key,
        heading=heading,
        hint=hint,
        lead=lead,
        text=text,
        version=base,
        words=word_count(text),
        shape="st-done" if text else ("st-miss" if required else "st-empty"),
        required=required,
        from_draft=from_draft,
        saved_text=saved,
    )
