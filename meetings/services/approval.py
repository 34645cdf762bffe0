"""The members approve a version of the minutes; the secretariat answers what they ask for."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committee.deadlines import weekdays_after
from core import audit, outbox
from core.models import OutboxEntry
from core.text import clean_text
from core.verdicts import Refused, StaleState
from meetings import policies
from meetings.enums import ApprovalAnswer, MeetingState
from meetings.models import (
    AgendaItem,
    CorrectionReply,
    IssuedVersion,
    Meeting,
    MinutesApproval,
)
from meetings.selectors.approval import answers, asked_members, is_over, sent_version, told_members

SEND = "meetings.send_approval"
NOON = time(12, 0)
LONGEST = 4000
# How long before the deadline those who have not answered are reminded.
REMIND_AHEAD = timedelta(days=2)


def begin_approval(meeting: Meeting, version: IssuedVersion, by: Any) -> None:
    """Set the deadline that the rules give, and ask everybody who took part."""
    meeting.approval_due_at = deadline_by_rules(meeting)
    meeting.save(update_fields=["approval_due_at"])
    _queue(version, told_members(meeting), "open", by.pk)


def deadline_by_rules(meeting: Meeting, start: datetime | None = None) -> datetime:
    """Noon on the last of the weekdays that the rules give the members."""
    rules = meeting.rule_profile.rules
    day = timezone.localdate(start or timezone.now())
    last = weekdays_after(day, rules["approval_days"], saturday=rules["saturday_is_weekday"])
    return timezone.make_aware(datetime.combine(last, NOON))


def _queue(version: IssuedVersion, people: Iterable[int], occasion: str, by: int | None) -> None:
    for pk in people:
        outbox.enqueue(
            kind=SEND,
            key=f"approval:{version.pk}:{occasion}:{pk}",
            payload={"version": version.pk, "user": pk, "occasion": occasion},
            by=by,
        )


@transaction.atomic
def change_approval_deadline(*, meeting: Meeting, due_at: datetime, by: Any) -> Meeting:
    """Give the members more, or less, time. Raises `Refused` for a time gone by."""
    policies.can_handle_approval(by, meeting).require()
    if due_at <= timezone.now():
        raise Refused(_("Choose a deadline that has not passed."), "due_on")
    out = Meeting.objects.filter(pk=meeting.pk, state=MeetingState.APPROVAL)
    if not out.update(approval_due_at=due_at):
        raise StaleState(_("The minutes are no longer out for approval. Nothing was changed."))
    meeting.approval_due_at = due_at
    audit.record(
        "meetings.change_approval_deadline",
        meeting,
        by=by,
        scope=meeting,
        data={"due_at": timezone.localtime(due_at).isoformat(timespec="minutes")},
    )
    return meeting


@transaction.atomic
def answer_minutes(
    *,
    meeting: Meeting,
    version: int,
    member: Any,
    answer: str,
    by: Any,
    text: str = "",
    item: AgendaItem | None = None,
) -> MinutesApproval:
    """Answer version number `version` of the minutes; the newest answer of a member counts.

    Raises `StaleState` for a version that is no longer the one to approve, `Refused` after the
    deadline, for one who is not asked, and for words that lack or are too many.
    """
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    sent = sent_version(meeting)
    _require_current(meeting, sent, version)
    policies.can_answer_minutes(by, meeting, member).require()
    if sent is None or member.pk not in {user.pk for user in asked_members(meeting)}:
        raise Refused(_("Those who took part in the meeting approve its minutes."), "answer")
    if is_over(meeting) and by.pk == member.pk and not policies.can_handle_approval(by, meeting):
        raise Refused(_("The deadline has passed. Write to the secretariat."), "answer")
    words = _words(answer, text)
    _require_readable(item, meeting, member, by)
    row = _create(sent, member, answer=answer, item=item if words else None, text=words, by=by)
    audit.record(
        "meetings.answer_minutes",
        meeting,
        by=by,
        scope=meeting,
        data={"version": sent.number, "member": member.pk, "answer": answer, "row": row.pk},
    )
    return row


def _require_current(meeting: Meeting, sent: IssuedVersion | None, number: int) -> None:
    if meeting.state == MeetingState.APPROVAL and sent is not None and sent.number == number:
        return
    raise StaleState(
        _(
            "Version %(number)s of the minutes is no longer the one to approve. "
            "Your answer was not saved; read the minutes as they are now."
        )
        % {"number": number}
    )


def _words(answer: str, text: str) -> str:
    if answer not in ApprovalAnswer.values:
        raise Refused(_("Choose one of the three answers."), "answer")
    if answer == ApprovalAnswer.APPROVE:
        return ""
    words = clean_text(text)
    if not words:
        raise Refused(_("Write what your reservation or correction is."), "text")
    if len(words) > LONGEST:
        raise Refused(_("Write at most %(n)s characters.") % {"n": "4.000"}, "text")
    return words


def _require_readable(item: AgendaItem | None, meeting: Meeting, member: Any, by: Any) -> None:
    """One who has left speaks through who writes it down; their own case still keeps them off."""
    if item is None:
        return
    known = item.meeting_id == meeting.pk and item.removed_at is None
    item.meeting = meeting
    away = policies.is_disqualified(member, item.pk)
    has_left = by.pk != member.pk and not policies.is_insider(member, meeting)
    if not known or away or not policies.reads_item(by if has_left else member, item):
        raise Refused(_("Choose an item from the list."), "item")


def _create(sent: IssuedVersion, member: Any, *, by: Any, **fields: Any) -> MinutesApproval:
    number = MinutesApproval.objects.filter(version=sent, member=member).count() + 1
    try:
        with transaction.atomic():
            return MinutesApproval.objects.create(
                version=sent,
                member=member,
                number=number,
                at=timezone.now(),
                recorded_by=by,
                **fields,
            )
    except IntegrityError as error:
        raise StaleState(_("Another answer came at the same time. Look at it first.")) from error


@transaction.atomic
def reply_correction(
    *, approval: MinutesApproval, accepted: bool, text: str, by: Any
) -> CorrectionReply:
    """Answer a member who asked for a correction: it is made, or why it is not.

    One that is accepted is made by taking the minutes back; the members then approve anew.
    """
    meeting = Meeting.objects.select_for_update().get(pk=approval.version.meeting_id)
    policies.can_handle_approval(by, meeting).require()
    if approval.item_id and not policies.reads_item(by, _item_of(approval, meeting)):
        raise Refused(_("You are disqualified from this item."), "text")
    words = clean_text(text)
    if not words:
        raise Refused(_("Write your answer to the member."), "text")
    _require_waiting(meeting, approval)
    row = CorrectionReply.objects.create(
        approval=approval, accepted=accepted, text=words[:LONGEST], by=by
    )
    audit.record(
        "meetings.reply_correction",
        meeting,
        by=by,
        scope=meeting,
        data={"row": approval.pk, "accepted": accepted},
    )
    return row


def _item_of(approval: MinutesApproval, meeting: Meeting) -> AgendaItem:
    item = meeting.items.get(pk=approval.item_id or 0)
    item.meeting = meeting
    return item


def _require_waiting(meeting: Meeting, approval: MinutesApproval) -> None:
    found = answers(meeting, sent_version(meeting))
    newest = {answer.approval.pk: answer for answer in found if answer.approval}
    answer = newest.get(approval.pk)
    if answer is None or not answer.is_open or answer.reply is not None:
        raise StaleState(_("The member has answered anew, or has your answer. Look again."))


# Reminders ------------------------------------------------------------------------------


@transaction.atomic
def remind_approvals(*, now: datetime | None = None) -> int:
    """Queue reminders to those who have not answered: two days before the deadline and on its day.

    Safe to run again and again: a person gets one mail per occasion and version.
    """
    now = now or timezone.now()
    meetings = Meeting.objects.filter(
        state=MeetingState.APPROVAL,
        approval_due_at__gt=now,
        approval_due_at__lte=now + REMIND_AHEAD,
    )
    return sum(_remind(meeting, now) for meeting in meetings.select_related("rule_profile"))


def _remind(meeting: Meeting, now: datetime) -> int:
    version = sent_version(meeting)
    if version is None or meeting.approval_due_at is None:
        return 0
    due = timezone.localdate(meeting.approval_due_at)
    last_day = due == timezone.localdate(now)
    occasion = f"{'last' if last_day else 'soon'}:{due.isoformat()}"
    found = [row for row in answers(meeting, version) if not row.has_left]
    waiting = [row.member.pk for row in found if row.approval is None]
    keys = {f"approval:{version.pk}:{occasion}:{pk}": pk for pk in waiting}
    known = set(OutboxEntry.objects.filter(key__in=keys).values_list("key", flat=True))
    new = [pk for key, pk in keys.items() if key not in known]
    _queue(version, new, occasion, None)
    if new:
        audit.record(
            "meetings.remind_approval", meeting, by=None, scope=meeting, data={"people": new}
        )
    return len(new)
