"""What bodies are reminded of by the clock."""

from celery import shared_task
from django.utils import translation

from committee.models import Committee, User
from committee.notices import revisit_notice
from committee.services import revisits
from core import mailing, outbox
from core.outbox import Payload, Report


@shared_task
def mind_revisits() -> int:
    """Ask for the mails that are due."""
    return revisits.remind_revisits()


@outbox.handler(revisits.SEND)
def send_revisit(payload: Payload, report: Report) -> None:
    """Remind one person, unless it has been held or moved, or is not theirs any more."""
    rows = Committee.objects.select_related("municipality")
    committee = rows.get(pk=payload["committee"])
    user = User.objects.get(pk=payload["user"])
    day = committee.revisit_on
    still = day is not None and day.toordinal() == payload["day"]
    if not still or user.pk not in revisits.secretariat_of(committee):
        report("nothing to do", 100)
        return
    with translation.override(mailing.LANGUAGE):
        notice = revisit_notice(committee, payload["distance"])
        mailing.send(mailing.build_notice(notice, user))
