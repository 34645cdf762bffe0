"""The words of the short mails. Call with the mail's language active."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core.mailing import Notice, absolute
from core.templatetags.ur import clock, weekday_date
from meetings.calendar import secretariat_address
from meetings.enums import DisqualificationState
from meetings.models import Disqualification, InputRound, IssuedVersion, ReadThrough

REMIND = "remind"


def read_through_notice(row: ReadThrough, *, occasion: str, day: str) -> Notice:
    """Asks a reader to read the draft agenda; says nothing of what is in it."""
    meeting = row.meeting
    facts = {"title": meeting.title, "due": f"{weekday_date(row.due_at)} {clock(row.due_at)}"}
    if occasion == REMIND:
        subject = _("Reminder: read the draft agenda of %(title)s") % facts
    else:
        subject = _("Read the draft agenda of %(title)s") % facts
    return Notice(
        subject=subject,
        lines=[
            _("You are asked to read the draft agenda of %(title)s before it is issued.") % facts,
            _("Write your comments no later than %(due)s.") % facts,
        ],
        link=absolute(reverse("meetings:read_through", args=[meeting.pk])),
        link_text=_("Read and comment on the draft"),
        mark=f"read-through.{row.pk}.{occasion}.{day}",
        answer_to=secretariat_address(meeting),
    )


def round_notice(row: InputRound, *, occasion: str, day: str) -> Notice:
    """Asks a person for written input, with the question."""
    facts = {"title": row.title, "due": f"{weekday_date(row.closes_at)} {clock(row.closes_at)}"}
    if occasion == REMIND:
        subject = _("Reminder: written input to %(title)s") % facts
        first = _("We have not had your written input to “%(title)s” yet.") % facts
    else:
        subject = _("Give written input to %(title)s") % facts
        first = _("The committee asks for your written input to “%(title)s”.") % facts
    return Notice(
        subject=subject,
        lines=[first, _("The deadline is %(due)s.") % facts],
        link=absolute(row.get_absolute_url()),
        link_text=_("Read the question and write your input"),
        mark=f"round.{row.pk}.{occasion}.{day}",
        answer_to=secretariat_address(row.meeting),
    )


def disqualification_notice(
    case: Disqualification, *, occasion: str, heading: str, user: Any
) -> Notice:
    """Says that a member's impartiality is asked about, or decided. Never on what grounds."""
    facts = {"name": case.member.name, "item": heading, "title": case.item.meeting.title}
    own = user.pk == case.member_id
    words = _decided_words(case, own=own) if occasion == "settled" else _raised_words(own=own)
    return Notice(
        subject=_("Impartiality at %(title)s") % facts,
        lines=[word % facts for word in words],
        link=absolute(reverse("meetings:recusal_page", args=[case.item.meeting_id, case.pk])),
        link_text=_("See what happens now"),
        mark=f"disqualification.{case.pk}.{occasion}",
        answer_to=secretariat_address(case.item.meeting),
    )


def _raised_words(*, own: bool) -> list[str]:
    if own:
        return [
            _("It has been asked whether you are disqualified from “%(item)s” at %(title)s."),
            _(
                "Until the committee has decided in the meeting, the item's closed papers are "
                "hidden from you, and you do not vote on it."
            ),
        ]
    return [_("It has been asked whether %(name)s is disqualified from “%(item)s” at %(title)s.")]


def _decided_words(case: Disqualification, *, own: bool) -> list[str]:
    upheld = case.state == DisqualificationState.UPHELD
    if own and upheld:
        return [_("The committee has found that you are disqualified from “%(item)s”.")]
    if own:
        return [
            _("The committee has found that you are impartial in “%(item)s”."),
            _("You can read the item's papers again."),
        ]
    if upheld:
        return [_("The committee has found that %(name)s is disqualified from “%(item)s”.")]
    return [_("The committee has found that %(name)s is impartial in “%(item)s”.")]


def approval_notice(version: IssuedVersion, *, occasion: str) -> Notice:
    """Asks a member to approve the minutes; says nothing of what is in them."""
    meeting = version.meeting
    due = meeting.approval_due_at
    facts = {
        "title": meeting.title,
        "number": version.number,
        "due": f"{weekday_date(due)} {clock(due)}" if due else "",
    }
    if occasion == "open":
        subject = _("Approve the minutes of %(title)s") % facts
    else:
        subject = _("Reminder: approve the minutes of %(title)s") % facts
    lines = [
        _("You are asked to approve the minutes of %(title)s, version %(number)s.") % facts,
        _("You can approve, approve with a reservation, or ask for a correction."),
        _("Answer no later than %(due)s.") % facts,
    ]
    return Notice(
        subject=subject,
        lines=lines,
        link=absolute(reverse("meetings:meeting_approval", args=[meeting.pk])),
        link_text=_("Read and answer"),
        mark=f"approval.{version.pk}.{occasion.replace(':', '.')}",
        answer_to=secretariat_address(meeting),
    )
