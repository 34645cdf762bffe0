"""The one shape that everything a reader sees is made from (see docs/architecture.md)."""

from typing import Any

from django.db.models import Prefetch

from committee.models import Membership
from meetings.enums import (
    ATTACHMENTS,
    DECISION,
    PUBLIC_DECISION,
    Outcome,
    VersionKind,
)
from meetings.models import AgendaItem, Attachment, Meeting
from meetings.sections import SectionTemplate
from meetings.selectors.attendance import attendance_rows, item_attendance
from meetings.selectors.followed import follow_up_rows
from meetings.selectors.minuted import iso, minuted
from meetings.selectors.presence import Rolls
from meetings.selectors.record import NOTHING, Record, voting_record
from meetings.selectors.recusal_record import disqualification_record
from meetings.selectors.seats import led_by, seated_members

SCHEMA = 1
Snapshot = dict[str, Any]


def live_snapshot(meeting: Meeting, kind: str, *, number: int = 0) -> Snapshot:
    """The meeting as it stands now. Seventeen queries however long the agenda is."""
    committee = meeting.committee
    template = meeting.template
    seats = seated_members(meeting)
    minutes = kind == VersionKind.MINUTES
    rolls = Rolls(meeting, seats) if minutes else None
    votes = voting_record(meeting) if minutes else {}
    follow_ups = follow_up_rows(meeting, seats) if minutes else {}
    cases = disqualification_record(meeting) if minutes else {}
    return {
        "schema": SCHEMA,
        "municipality": committee.municipality.name,
        "committee": {
            "slug": committee.slug,
            "name": committee.name,
            "full_name": committee.full_name,
        },
        "meeting": _meeting_facts(meeting, seats, rolls),
        "version": {"kind": kind, "number": number, "issued_at": None, "issued_by": "", "note": ""},
        "attendance": attendance_rows(rolls) if rolls else [],
        "changes": [],
        "items": [
            item_snapshot(item, template, rolls, votes.get(item.pk, NOTHING))
            | {"disqualifications": cases.get(item.pk, [])}
            | {"follow_ups": follow_ups.get(item.pk, [])}
            for item in agenda_items(meeting)
        ],
        "unplaced": meeting.unplaced,
        **(minuted(meeting) if minutes else {}),
    }


def agenda_items(meeting: Meeting) -> list[AgendaItem]:
    """The items in order, with their texts and attachments fetched."""
    attached = Attachment.objects.attached().select_related("file")
    return list(
        meeting.items.on_agenda()
        .select_related("carried_from__meeting")
        .prefetch_related("texts", Prefetch("attachments", queryset=attached))
    )


def _meeting_facts(
    meeting: Meeting, seats: list[Membership], rolls: Rolls | None
) -> dict[str, Any]:
    here = rolls.took_part if rolls and rolls.is_recorded else None
    rules = meeting.rule_profile.rules
    return {
        "id": meeting.pk,
        "number": meeting.number,
        "title": meeting.title,
        "kind": meeting.kind,
        "starts_at": iso(meeting.starts_at),
        "ends_at": iso(meeting.ends_at),
        "place": meeting.place,
        "online_link": meeting.online_link,
        "chair": led_by(seats, here),
        "template": meeting.section_template,
        "rule_profile": {
            "label": meeting.rule_profile.label,
            "summary": rules.rules["quorum"].text,
            "quorum_needed": rules.quorum_needed(len(seats)),
            "seats": len(seats),
        },
    }


def item_snapshot(
    item: AgendaItem,
    template: SectionTemplate,
    rolls: Rolls | None,
    record: Record = NOTHING,
) -> dict[str, Any]:
    """One item with all its internal text; `meetings.redaction` decides who reads what.

    With `rolls`, as the minutes have it: decided, and by whom.
    """
    texts = {text.key: text for text in item.texts.all()}
    return {
        "id": item.pk,
        "number": item.position,
        "kind": item.kind,
        "access": item.access,
        "title": item.title,
        "public_title": item.public_heading,
        "closing": closing_of(item) if item.is_closed else None,
        "case_id": item.case_id,
        "presenter": item.presenter,
        "minutes": item.minutes,
        "change": "",
        "order": list(template.order),
        "sections": _sections(texts, template),
        "decision": _decision(item, texts, template) if rolls else None,
        "public_decision": _text(texts, PUBLIC_DECISION) if rolls else "",
        "attendance": item_attendance(rolls, item) if rolls else None,
        "votes": record["votes"],
        "dissents": record["dissents"],
        "attachments_heading": texts[ATTACHMENTS].heading
        if ATTACHMENTS in texts
        else template.attachments_heading,
        # An import keeps the heading of a list that was empty.
        "attachments_keep": ATTACHMENTS in texts,
        "attachments": [
            attachment_snapshot(item, attachment, index)
            for index, attachment in enumerate(item.attachments.all(), start=1)
        ],
    }


def closing_of(item: AgendaItem) -> dict[str, str]:
    return {"ground": item.closing_ground, "reason": item.closing_reason}


def _text(texts: dict[str, Any], key: str) -> str:
    return texts[key].text if key in texts else ""


def _sections(texts: dict[str, Any], template: SectionTemplate) -> list[dict[str, Any]]:
    rows = []
    for section in template.sections:
        stored = texts.get(section.key)
        heading = (stored.heading if stored else "") or section.heading
        rows.append(
            {
                "key": section.key,
                "heading": heading,
                "lead": section.lead if stored and stored.text and not stored.heading else "",
                "text": stored.text if stored else "",
                # An import keeps a heading that stood without words.
                "keep": bool(stored and stored.heading),
            }
        )
    return rows


def _decision(
    item: AgendaItem, texts: dict[str, Any], template: SectionTemplate
) -> dict[str, Any] | None:
    stored = texts.get(DECISION)
    if not item.outcome and not (stored and (stored.text or stored.heading)):
        return None
    return {
        "heading": (stored.heading if stored else "") or template.decision_heading,
        "outcome": str(Outcome(item.outcome).label) if item.outcome else "",
        "text": stored.text if stored else "",
    }


def attachment_snapshot(item: AgendaItem, attachment: Attachment, index: int) -> dict[str, Any]:
    file = attachment.file
    return {
        "id": attachment.pk,
        "number": f"{item.position}.{index}",
        "title": attachment.title,
        "access": attachment.access,
        "filename": file.filename,
        "media_type": file.media_type,
        "size": file.size,
        "pages": attachment.pages,
        "sha256": file.sha256,
    }
