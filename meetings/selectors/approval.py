"""The approval of minutes by their members: who is asked, what they say, what stops the lock."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from committee.models import Membership, User
from core.verdicts import YES, Verdict, no
from meetings import policies
from meetings.enums import ApprovalAnswer, AttendanceStatus, MeetingState, VersionKind
from meetings.models import (
    AgendaItem,
    Attendance,
    CorrectionReply,
    IssuedVersion,
    Meeting,
    MinutesApproval,
    Presence,
)
from meetings.selectors.minuted import iso
from meetings.selectors.reading import version_reading
from meetings.selectors.seats import has_left, owner_of, seated_members

A = ApprovalAnswer


@dataclass(frozen=True)
class Answer:
    """Where one member stands to the version: their newest answer, or none yet."""

    member: User
    approval: MinutesApproval | None
    # The seat is no longer theirs: the secretariat asks them and writes down what they say.
    has_left: bool = False

    @property
    def reply(self) -> CorrectionReply | None:
        return getattr(self.approval, "reply", None)

    @property
    def is_open(self) -> bool:
        """Does it stop the lock: a correction that was not answered, or not made?"""
        asks = self.approval is not None and self.approval.answer == A.CORRECTION
        return asks and (self.reply is None or self.reply.accepted)

    @property
    def word(self) -> str:
        if self.approval is None:
            return _("Has not answered")
        if self.reply is not None and not self.reply.accepted:
            return _("Asked for a correction that was not made")
        return str(A(self.approval.answer).label)

    @property
    def shape(self) -> str:
        if self.approval is None:
            return "empty"
        if self.is_open:
            return "miss"
        return "done" if self.approval.answer != A.CORRECTION else "half"


def sent_version(meeting: Meeting) -> IssuedVersion | None:
    """The minutes that are, or were last, sent to the members."""
    rows = meeting.versions.filter(kind=VersionKind.MINUTES, number=meeting.minutes_version)
    return rows.first()


def asked_seats(meeting: Meeting) -> list[Membership]:
    """The seats whose holders took part; all of them when nobody's attendance is known.

    Who took part signs (kommunestyrelseslovens § 13, stk. 1): a substitute, and not whom they
    stood in for.
    """
    here = Attendance.objects.filter(meeting=meeting, status__in=AttendanceStatus.in_the_room())
    present = set(here.values_list("member", flat=True))
    present |= set(Presence.objects.filter(meeting=meeting).values_list("member", flat=True))
    seats = seated_members(meeting)
    return [
        seat for seat in seats if not present or {seat.user_id, owner_of(seat).user_id} & present
    ]


def asked_members(meeting: Meeting) -> list[User]:
    return [seat.user for seat in asked_seats(meeting)]


def told_members(meeting: Meeting) -> list[int]:
    """Ids of those of them who can read the minutes and answer for themselves."""
    return [seat.user_id for seat in asked_seats(meeting) if not has_left(seat)]


def answers(meeting: Meeting, version: IssuedVersion | None) -> list[Answer]:
    """One per member who is asked, and one per other member who has answered all the same."""
    newest: dict[int, MinutesApproval] = {}
    if version is not None:
        rows = MinutesApproval.objects.filter(version=version).order_by("number", "pk")
        rows = rows.select_related("member", "item", "recorded_by")
        for row in rows.prefetch_related(Prefetch("reply", CorrectionReply.objects.all())):
            newest[row.member_id] = row
    seats = {seat.user_id: seat for seat in asked_seats(meeting)}
    asked = [Answer(seat.user, newest.get(pk), has_left(seat)) for pk, seat in seats.items()]
    others = [Answer(row.member, row) for pk, row in newest.items() if pk not in seats]
    return [*asked, *others]


def is_over(meeting: Meeting) -> bool:
    """Has the deadline of the approval passed?"""
    return meeting.approval_due_at is not None and meeting.approval_due_at <= timezone.now()


def lockable(meeting: Meeting, found: list[Answer] | None = None) -> Verdict:
    """May the minutes be locked, as their members have answered?"""
    if found is None:
        found = answers(meeting, sent_version(meeting))
    for answer in found:
        if answer.is_open and answer.reply is None:
            text = _("%(name)s has asked for a correction. Answer it first.")
            return no(text % {"name": answer.member.name})
        if answer.is_open:
            text = _("You have promised %(name)s a correction. Take the minutes back and make it.")
            return no(text % {"name": answer.member.name})
    waiting = [answer for answer in found if answer.approval is None]
    if waiting and not is_over(meeting):
        return no(
            _("Not everybody has answered, and the deadline has not passed: %(names)s.")
            % {"names": ", ".join(answer.member.name for answer in waiting)}
        )
    return YES


def approval_record(meeting: Meeting, version: IssuedVersion, by: Any) -> dict[str, Any]:
    """What the locked minutes say of their own approval. Call with the document's language."""
    found = answers(meeting, version)
    silent = meeting.rule_profile.rules["silence_approves"]
    due = meeting.approval_due_at
    record: dict[str, Any] = {
        "approval": {
            "version": version.number,
            "due_at": iso(due) if due else None,
            "rule": meeting.rule_profile.rules.rule("silence_approves").text,
            "signed_by": str(by),
            "rows": [_approval_row(answer, silent) for answer in found],
        }
    }
    reservations = [_reservation(answer.approval) for answer in found if _reserves(answer)]
    return record | ({"reservations": reservations} if reservations else {})


def _approval_row(answer: Answer, silent: bool) -> dict[str, Any]:
    row = answer.approval
    word = answer.word
    if row is None and silent:
        word = _("Has not answered and counts as approving")
    return {
        "name": answer.member.name,
        "answer": row.answer if row else "",
        "word": word,
        "at": iso(row.at) if row else None,
    }


def _reserves(answer: Answer) -> bool:
    return answer.approval is not None and answer.approval.answer == A.RESERVATION


def _reservation(row: MinutesApproval | None) -> dict[str, Any]:
    if row is None:
        raise ValueError("no reservation")
    return {
        "name": row.member.name,
        "item": row.item_id,
        "item_number": row.item.position if row.item else None,
        "text": row.text,
        "at": iso(row.at),
    }


def may_read_answer(user: Any, row: MinutesApproval) -> bool:
    """Words about a closed item are for its readers; a correction for those who handle it."""
    item, meeting = row.item, row.version.meeting
    own = True if row.member_id == user.pk else policies.sees_drafts(user, meeting.committee_id)
    if item is None:
        return own
    item.meeting = meeting
    return own and policies.reads_item(user, item)


def approval_page(user: Any, meeting: Meeting) -> dict[str, Any]:
    """The member's choices, and for those who work on the minutes everybody's answers."""
    version = sent_version(meeting)
    works = policies.sees_drafts(user, meeting.committee_id)
    is_out = meeting.state == MeetingState.APPROVAL
    found = answers(meeting, version) if is_out else []
    for answer in found:
        if answer.approval and version:
            answer.approval.version = version
            version.meeting = meeting
    own = next((answer for answer in found if answer.member.pk == user.pk), None)
    handles = policies.can_handle_approval(user, meeting)
    return {
        "meeting": meeting,
        "version": version,
        "works": works,
        "is_insider": True,
        "tab": "minutes",
        "own": own,
        "own_text": _words(user, own),
        "can_answer": own is not None
        and bool(policies.can_answer_minutes(user, meeting, user))
        and not (is_over(meeting) and not handles),
        "is_over": is_over(meeting),
        "rows": [(answer, _words(user, answer)) for answer in found] if works else [],
        "can_handle": handles,
        "members": [answer.member for answer in found],
        "answered": sum(answer.approval is not None for answer in found),
        "approval_rule": _rule(meeting),
        "reading": version_reading(user, meeting, version) if version and is_out else None,
        "is_out": is_out,
    }


def _rule(meeting: Meeting) -> str:
    rules = meeting.rule_profile.rules
    days, silence = rules.rule("approval_days"), rules.rule("silence_approves")
    return f"{days.text} {silence.text} {days.legal}."


def _words(user: Any, answer: Answer | None) -> str:
    row = answer.approval if answer else None
    if row is None or not row.text:
        return ""
    return row.text if may_read_answer(user, row) else _("The words are for the item's readers.")


def answerable_items(user: Any, meeting: Meeting) -> list[AgendaItem]:
    """The items a reservation or a correction can be about: those in the version that was sent."""
    items = list(meeting.items.on_agenda())
    for item in items:
        item.meeting = meeting
    return [item for item in items if policies.reads_item(user, item)]
