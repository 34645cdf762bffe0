"""Mail to the members who are asked to approve minutes, and the clock that reminds them."""

from celery import shared_task
from django.utils import translation

from committee.enums import SEATED
from committee.models import User, roles_in
from core import mailing, outbox
from core.outbox import Payload, Report
from meetings.enums import MeetingState
from meetings.models import IssuedVersion, MinutesApproval
from meetings.notices import approval_notice
from meetings.services import approval
from meetings.tasks.mail import note_unsent

GONE = "no longer seated"


@shared_task
def remind_approvals() -> int:
    return approval.remind_approvals()


@outbox.handler(approval.SEND)
def send_approval(payload: Payload, report: Report) -> None:
    """Ask a member to approve, or remind them, unless they have or the version is overtaken."""
    version = IssuedVersion.objects.select_related("meeting__committee__municipality").get(
        pk=payload["version"]
    )
    user = User.objects.get(pk=payload["user"])
    if why := _why_not(version, user):
        if why == GONE:
            note_unsent(version.meeting, user, why, report)
        # Who has answered in the meantime is not somebody a mail was kept from.
        report(why, 100)
        return
    with translation.override(mailing.LANGUAGE):
        notice = approval_notice(version, occasion=payload["occasion"])
        mailing.send(mailing.build_notice(notice, user))


def _why_not(version: IssuedVersion, user: User) -> str:
    meeting = version.meeting
    if not user.is_active or not roles_in(user, meeting.committee_id) & SEATED:
        return GONE
    if meeting.state != MeetingState.APPROVAL or meeting.minutes_version != version.number:
        return "overtaken"
    answered = MinutesApproval.objects.filter(version=version, member=user).exists()
    return "already answered" if answered else ""
