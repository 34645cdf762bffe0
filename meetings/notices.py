"""The words of the short mails. Call with the mail's language active."""

from django.urls import reverse
from django.utils.translation import gettext as _

from core.templatetags.ur import clock, weekday_date
from meetings.calendar import absolute, secretariat_address
from meetings.mailing import Notice
from meetings.models import InputRound, IssuedVersion, ReadThrough

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
