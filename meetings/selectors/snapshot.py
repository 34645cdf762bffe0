"""The one shape that everything a reader sees is made from (see docs/architecture.md)."""

from collections import defaultdict
from typing import Any

from django.db.models import Prefetch
from django.utils.timezone import localtime

from committee.enums import LEADERS, SEATED, Role, SeatKind
from committee.models import Membership
from meetings.enums import (
    ATTACHMENTS,
    DECISION,
    PUBLIC_DECISION,
    AttendanceStatus,
    FollowUpState,
    Outcome,
    VersionKind,
)
from meetings.models import AgendaItem, Attachment, Attendance, FollowUp, Meeting
from meetings.sections import SectionTemplate

SCHEMA = 1
Snapshot = dict[str, Any]


def live_snapshot(meeting: Meeting, kind: str, *, number: int = 0) -> Snapshot:
    """The meeting as it stands now. A fixed number of queries however long the agenda is."""
    committee = meeting.committee
    template = meeting.template
    seats = seated_members(meeting)
    with_decisions = kind == VersionKind.MINUTES
    follow_ups = follow_up_rows(meeting, seats) if with_decisions else {}
    return {
        "schema": SCHEMA,
        "municipality": committee.municipality.name,
        "committee": {
            "slug": committee.slug,
            "name": committee.name,
            "full_name": committee.full_name,
        },
        "meeting": _meeting_facts(meeting, seats),
        "version": {"kind": kind, "number": number, "issued_at": None, "issued_by": "", "note": ""},
        "attendance": attendance_rows(meeting, seats) if with_decisions else [],
        "changes": [],
        "items": [
            item_snapshot(item, template, with_decisions=with_decisions)
            | {"follow_ups": follow_ups.get(item.pk, [])}
            for item in agenda_items(meeting)
        ],
        "unplaced": meeting.unplaced,
    }


def agenda_items(meeting: Meeting) -> list[AgendaItem]:
    """The items in order, with their texts and attachments fetched."""
    attached = Attachment.objects.attached().select_related("file")
    return list(
        meeting.items.on_agenda()
        .select_related("carried_from__meeting")
        .prefetch_related("texts", Prefetch("attachments", queryset=attached))
    )


def seated_members(meeting: Meeting) -> list[Membership]:
    """Those who sat in the body on the day of the meeting, leaders first."""
    day = localtime(meeting.starts_at).date()
    members = (
        Membership.objects.active_on(day)
        .filter(committee=meeting.committee_id, role__in=SEATED)
        .select_related("user", "seat_group")
    )
    best: dict[int, Membership] = {}
    for member in members:
        kept = best.get(member.user_id)
        if kept is None or (member.role in LEADERS and kept.role not in LEADERS):
            best[member.user_id] = member
    return sorted(best.values(), key=_seat_order)


def _seat_order(member: Membership) -> tuple[int, int, str]:
    rank = {Role.CHAIR: 0, Role.VICE_CHAIR: 1}.get(Role(member.role), 2)
    citizen = member.seat_group is not None and member.seat_group.kind == SeatKind.CITIZEN
    return rank, int(citizen), member.user.name


def role_word(member: Membership) -> str:
    """The member's role in words, e.g. ”Formand” or ”Borgermedlem”."""
    if member.role in LEADERS or member.seat_group is None:
        return str(Role(member.role).label)
    return str(SeatKind(member.seat_group.kind).label)


def attendance_rows(meeting: Meeting, seats: list[Membership]) -> list[dict[str, str]]:
    """One row per seated member, whether or not they answered; none when nothing is recorded."""
    answers = {row.member_id: row for row in Attendance.objects.filter(meeting=meeting)}
    if all(answer.status == AttendanceStatus.UNKNOWN for answer in answers.values()):
        return []
    rows = []
    for member in seats:
        answer = answers.get(member.user_id)
        rows.append(
            {
                "name": member.user.name,
                "role": role_word(member),
                "status": answer.status if answer else AttendanceStatus.UNKNOWN.value,
                "note": answer.note if answer else "",
            }
        )
    return rows


def follow_up_rows(meeting: Meeting, seats: list[Membership]) -> dict[int, list[dict[str, Any]]]:
    """Item → who is to do what by when. Dropped ones are not minuted.

    The public reads the names of members and of units, not of those who serve the body.
    """
    seated = {member.user_id for member in seats}
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    rows = FollowUp.objects.filter(item__meeting=meeting).exclude(state=FollowUpState.DROPPED)
    for row in rows.select_related("owner").order_by("pk"):
        public = row.owner_id is None or row.owner_id in seated
        found[row.item_id].append(
            {
                "text": row.text,
                "owner": row.owner_name,
                "public_owner": row.owner_name if public else "",
                "due": row.due_on.isoformat(),
            }
        )
    return found


def _meeting_facts(meeting: Meeting, seats: list[Membership]) -> dict[str, Any]:
    chair = next((m.user.name for m in seats if m.role == Role.CHAIR), "")
    rules = meeting.rule_profile.rules
    return {
        "id": meeting.pk,
        "number": meeting.number,
        "title": meeting.title,
        "kind": meeting.kind,
        "starts_at": localtime_iso(meeting.starts_at),
        "ends_at": localtime_iso(meeting.ends_at),
        "place": meeting.place,
        "online_link": meeting.online_link,
        "chair": chair,
        "template": meeting.section_template,
        "rule_profile": {
            "label": meeting.rule_profile.label,
            "summary": rules.rules["quorum"].text,
            "quorum_needed": rules.quorum_needed(len(seats)),
            "seats": len(seats),
        },
    }


def localtime_iso(moment: Any) -> str:
    return localtime(moment).isoformat(timespec="seconds")


def item_snapshot(
    item: AgendaItem, template: SectionTemplate, *, with_decisions: bool
) -> dict[str, Any]:
    """One item with all its internal text; `meetings.redaction` decides who reads what."""
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
        "decision": _decision(item, texts, template) if with_decisions else None,
        "public_decision": _text(texts, PUBLIC_DECISION) if with_decisions else "",
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
