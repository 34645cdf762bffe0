"""Take things along to the next meeting: postponed items and overdue follow-ups."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from core import audit
from core.templatetags.ur import full_date
from core.verdicts import Refused, StaleState
from meetings import policies
from meetings.enums import (
    ATTACHMENTS,
    DECISION,
    EARLIER_DECISIONS,
    PUBLIC_DECISION,
    Access,
    ItemKind,
    Outcome,
)
from meetings.models import AgendaItem, Attachment, FollowUp, ItemText, Meeting
from meetings.selectors.carrying import next_open_meeting, postponed_for
from meetings.services.disqualification import inherit
from meetings.services.items import lock_agenda, next_place
from meetings.services.texts import write_text

CARRIED = (
    "kind", "title", "public_title", "access", "closing_ground", "closing_reason", "case_id",
    "presenter", "minutes",
)  # fmt: skip
STAYS = {DECISION, PUBLIC_DECISION, ATTACHMENTS}
TITLE_LIMIT = 200


@transaction.atomic
def carry_item(*, item: AgendaItem, by: Any) -> AgendaItem:
    """Put a postponed item on the agenda of the next open meeting, with everything it had.

    Raises `StaleState` when it already stands on an agenda, `Refused` without such a meeting.
    """
    policies.can_carry_item(by, item).require()
    target = next_open_meeting(item.meeting)
    if target is None:
        raise Refused(_("No later meeting has an open agenda. Plan the next meeting first."))
    return _carry(item, target, by)


@transaction.atomic
def carry_all(*, meeting: Meeting, by: Any) -> list[AgendaItem]:
    """Put every postponed item that waits on this meeting's agenda, in order.

    Raises `StaleState` when there is none (any more).
    """
    policies.can_edit_agenda(by, meeting).require()
    lock_agenda(meeting)
    waiting = list(postponed_for(meeting).select_related("meeting__committee"))
    if not waiting:
        raise StaleState(_("The postponed items have already been carried over."))
    return [_carry(item, meeting, by) for item in waiting]


def _carry(item: AgendaItem, target: Meeting, by: Any) -> AgendaItem:
    policies.can_carry_item(by, item).require()
    policies.can_edit_agenda(by, target).require()
    head = {name: getattr(item, name) for name in CARRIED}
    refusal = _("The item has already been carried over.")
    new = _create_once(target, refusal, carried_from=item, **head)
    _copy_texts(item, new, by)
    _copy_attachments(item, new, by)
    _copy_disqualifications(item, new, by)
    audit.record(
        "meetings.carry_item",
        new,
        by=by,
        scope=target,
        data={"from_item": item.pk, "from_meeting": item.meeting_id, "number": new.position},
    )
    return new


def _create_once(meeting: Meeting, refusal: str, **fields: Any) -> AgendaItem:
    """The constraint decides between two who click at the same time."""
    place = next_place(meeting)
    try:
        with transaction.atomic():
            return AgendaItem.objects.create(meeting=meeting, position=place, **fields)
    except IntegrityError as error:
        raise StaleState(refusal) from error


def _copy_texts(old: AgendaItem, new: AgendaItem, by: Any) -> None:
    """The sections as they stood; one that the new template lacks moves into its first."""
    template = new.meeting.template
    known = {section.key for section in template.sections}
    rows = [row for row in old.texts.order_by("pk") if row.key not in STAYS]
    texts = {row.key: row.text for row in rows if row.key in known}
    names = {section.key: section.heading for section in old.meeting.template.sections}
    homeless = [row for row in rows if row.key not in known and row.text]
    first = template.sections[0].key
    for row in homeless:
        heading = row.heading or names.get(row.key, row.key)
        texts[first] = _below(texts.get(first, ""), f"**{heading}**\n\n{row.text}")
    if EARLIER_DECISIONS in known:
        before = texts.get(EARLIER_DECISIONS, "")
        texts[EARLIER_DECISIONS] = _below(before, _earlier_decision(old))
    headings = {row.key: row.heading for row in rows}
    for key, text in texts.items():
        row = ItemText.objects.create(item=new, key=key)
        write_text(row, text, by, heading=headings.get(key, ""))


def _below(text: str, more: str) -> str:
    return f"{text}\n\n{more}" if text else more


def _earlier_decision(item: AgendaItem) -> str:
    """Meeting, date, item and what was decided. Of a closed item it stays in the closed text."""
    with translation.override("da"):
        words = {
            "meeting": item.meeting.title,
            "day": full_date(item.meeting.starts_at),
            "number": item.position,
            "outcome": Outcome(item.outcome).label,
        }
        line = _("%(meeting)s, %(day)s, item %(number)s: %(outcome)s") % words
    decision = item.texts.filter(key=DECISION).values_list("text", flat=True).first()
    return _below(line, decision) if decision else line


def _copy_attachments(old: AgendaItem, new: AgendaItem, by: Any) -> None:
    """The same stored files at the same level; the bytes are not copied."""
    rows = Attachment.objects.attached().filter(item=old)
    Attachment.objects.bulk_create(
        Attachment(
            item=new,
            position=place,
            title=row.title,
            access=row.access,
            file_id=row.file_id,
            pages=row.pages,
            text=row.text,
            added_by=by,
        )
        for place, row in enumerate(rows, start=1)
    )


def _copy_disqualifications(old: AgendaItem, new: AgendaItem, by: Any) -> None:
    """Who may not have the papers of the old item may not have them through the new one."""
    for row in old.disqualifications.filter(lifted_at__isnull=True):
        inherit(row, new, by)


@transaction.atomic
def follow_up_to_item(*, follow_up: FollowUp, meeting: Meeting, by: Any) -> AgendaItem:
    """Put an overdue follow-up on the agenda as a briefing, as closed as the item it is about.

    Raises `StaleState` when it already stands on an agenda, `Refused` when it is not overdue.
    """
    policies.can_manage_follow_up(by, follow_up).require()
    policies.can_edit_agenda(by, meeting).require()
    if meeting.committee_id != follow_up.body_id:
        raise Refused(_("The follow-up belongs to another committee."))
    if not follow_up.is_overdue:
        raise Refused(_("The follow-up is not overdue."))
    refusal = _("The follow-up already stands on an agenda.")
    new = _create_once(meeting, refusal, from_follow_up=follow_up, **_raised_head(follow_up))
    row = ItemText.objects.create(item=new, key=meeting.template.sections[0].key)
    write_text(row, _raised_text(follow_up), by)
    _copy_disqualifications(follow_up.item, new, by)
    audit.record(
        "meetings.follow_up_to_item",
        new,
        by=by,
        scope=meeting,
        data={"follow_up": follow_up.pk, "number": new.position},
    )
    return new


def _raised_head(follow_up: FollowUp) -> dict[str, Any]:
    """Of a closed item of another body only the heading that everybody reads comes along."""
    item = follow_up.item
    heading = item.public_heading if follow_up.handed_to_id else item.title
    with translation.override("da"):
        title = (_("Follow-up: %(title)s") % {"title": heading})[:TITLE_LIMIT]
        public = (_("Follow-up: %(title)s") % {"title": item.public_title})[:TITLE_LIMIT]
    head = {name: getattr(item, name) for name in ("access", "case_id", "presenter")}
    head |= {name: getattr(item, name) for name in ("closing_ground", "closing_reason")}
    closed = item.access == Access.CLOSED
    return head | {
        "kind": ItemKind.BRIEFING,
        "title": title,
        "public_title": public if closed else "",
    }


def _raised_text(follow_up: FollowUp) -> str:
    """What and when. Who, and how far it is, is told at the meeting: names are not for all."""
    with translation.override("da"):
        words = {"day": full_date(follow_up.due_on), "title": follow_up.item.meeting.title}
        line = _("Agreed at %(title)s. It was to be done by %(day)s.") % words
    return f"{follow_up.text}\n\n{line}"
