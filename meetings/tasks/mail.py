"""What the outbox does about mail. Rights are looked at again when the mail goes out."""

import logging
from typing import Any

from django.db import transaction
from django.utils import translation

from committee.enums import SEATED, Role
from committee.models import User, roles_in
from core import audit, mailing, outbox
from core.outbox import Payload, Report
from meetings.enums import MeetingState, RoundState
from meetings.mailing import build_invitation
from meetings.models import Disqualification, InputRound, Meeting, ReadThrough
from meetings.notices import disqualification_notice, read_through_notice, round_notice
from meetings.selectors.headings import mailed_heading
from meetings.selectors.recusals import told_of
from meetings.selectors.rounds import asked_ids, has_answered
from meetings.selectors.seats import seated_members
from meetings.services import disqualification, invitations, read_through, rounds

logger = logging.getLogger(__name__)


@outbox.handler(invitations.SEND)
def send_invitation(payload: Payload, report: Report) -> None:
    """Send one invitation, unless it has been overtaken or the person no longer sits there."""
    meeting = Meeting.objects.select_related("committee__municipality", "rule_profile").get(
        pk=payload["meeting"]
    )
    user = User.objects.get(pk=payload["user"])
    method, sequence = payload["method"], payload["sequence"]
    if why := _why_not_invited(meeting, user, method, sequence):
        note_unsent(meeting, user, why, report)
        return
    report(f"mail to {user.pk}", 50)
    mailing.send(build_invitation(meeting, user, method=method, sequence=sequence))


def _why_not_invited(meeting: Meeting, user: User, method: str, sequence: int) -> str:
    if not user.is_active:
        return "closed account"
    if user.pk not in {member.user_id for member in seated_members(meeting)}:
        return "no longer seated"
    if sequence < meeting.ical_sequence:
        # A newer mail is on its way; an old one after it would confuse the calendar.
        return "overtaken"
    cancelled = meeting.state == MeetingState.CANCELLED
    return "meeting cancelled" if cancelled and method == "request" else ""


def note_unsent(obj: Any, user: User, why: str, report: Report) -> None:
    """Leave word that a mail was not sent, and why."""
    report(why, 100)
    logger.info("No mail to person %s about %s %s: %s", user.pk, obj._meta.label, obj.pk, why)
    with transaction.atomic():
        audit.record("meetings.mail_not_sent", obj, by=None, data={"user": user.pk, "why": why})


@outbox.handler(read_through.SEND)
def send_read_through(payload: Payload, report: Report) -> None:
    """Ask a reader to read, or remind them, unless they have or the read-through is over."""
    row = ReadThrough.objects.select_related("meeting__committee__municipality").get(
        pk=payload["read_through"]
    )
    user = User.objects.get(pk=payload["user"])
    if why := _why_not_reading(row, user):
        note_unsent(row, user, why, report)
        return
    with translation.override(mailing.LANGUAGE):
        notice = read_through_notice(row, occasion=payload["occasion"], day=payload["day"])
        mailing.send(mailing.build_notice(notice, user))


def _why_not_reading(row: ReadThrough, user: User) -> str:
    roles = roles_in(user, row.meeting.committee_id)
    if not roles & (SEATED | {Role.FOLLOW_GROUP}):
        return "no longer a reader"
    if row.closed_at:
        return "over"
    waiting = row.readers.filter(reader=user, done_at__isnull=True).exists()
    return "" if waiting else "already read"


@outbox.handler(rounds.SEND)
def send_round(payload: Payload, report: Report) -> None:
    """Ask for input, or remind, unless it has come or the round is closed."""
    row = InputRound.objects.select_related("committee__municipality", "meeting").get(
        pk=payload["round"]
    )
    user = User.objects.get(pk=payload["user"])
    if why := _why_not_asked(row, user):
        note_unsent(row, user, why, report)
        return
    with translation.override(mailing.LANGUAGE):
        notice = round_notice(row, occasion=payload["occasion"], day=payload["day"])
        mailing.send(mailing.build_notice(notice, user))


def _why_not_asked(row: InputRound, user: User) -> str:
    if user.pk not in asked_ids(row):
        return "no longer asked"
    if row.state != RoundState.OPEN:
        return "over"
    return "already answered" if has_answered(row, user) else ""


@outbox.handler(disqualification.SEND)
def send_disqualification(payload: Payload, report: Report) -> None:
    """Tell the member and who leads the meeting, unless it is no longer so or not for them."""
    case = Disqualification.objects.select_related(
        "member", "item__meeting__committee__municipality"
    ).get(pk=payload["disqualification"])
    user = User.objects.get(pk=payload["user"])
    occasion = payload["occasion"]
    if why := _why_not_told(case, user, occasion):
        note_unsent(case, user, why, report)
        return
    with translation.override(mailing.LANGUAGE):
        heading = mailed_heading(case.item)
        notice = disqualification_notice(case, occasion=occasion, heading=heading, user=user)
        mailing.send(mailing.build_notice(notice, user))


def _why_not_told(case: Disqualification, user: User, occasion: str) -> str:
    if not user.is_active:
        return "closed account"
    if user.pk not in told_of(case):
        return "no longer told"
    return "overtaken" if occasion == disqualification.RAISED and not case.is_raised else ""
