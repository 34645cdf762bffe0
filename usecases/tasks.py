"""What happens by itself: pilots end, decisions lapse, mail goes out."""

import logging

from celery import shared_task
from django.db import transaction
from django.utils import translation

from committee.enums import SEATED
from committee.models import User, roles_in
from core import audit, mailing, outbox
from core.outbox import Payload, Report
from core.verdicts import NotAllowed, StaleState
from usecases import letters
from usecases.models import CitizenProposal, Comment, RankingRound, UseCase
from usecases.notices import case_notice
from usecases.policies import reading_level
from usecases.selectors.ranking import has_voted
from usecases.services import citizens, importing, ranking, reminders, telling
from usecases.services.moves import move_case, overdue_moves

logger = logging.getLogger(__name__)


@shared_task
def move_overdue_cases() -> int:
    """Make the system's own moves, and remind of those to come.

    A move that somebody was faster with is left alone.
    """
    reminders.remind_of_dates()
    made = 0
    for case, move in overdue_moves():
        try:
            move_case(case=case, move=move, by=None)
        except (NotAllowed, StaleState) as refusal:
            logger.info("Case %s did not %s: %s", case.pk, move, refusal)
        else:
            made += 1
    return made


@outbox.handler(telling.SEND)
def send_case_notice(payload: Payload, report: Report) -> None:
    """Tell one person that something is new, if they may still read it."""
    case = UseCase.objects.select_related("committee__municipality").get(pk=payload["case"])
    user = User.objects.get(pk=payload["user"])
    if why := _why_not_told(case, user, payload):
        report(why, 100)
        logger.info("No mail to person %s about case %s: %s", user.pk, case.pk, why)
        with transaction.atomic():
            facts = {"user": user.pk, "why": why}
            audit.record("usecases.mail_not_sent", case, by=None, scope=case.committee, data=facts)
        return
    with translation.override(mailing.LANGUAGE):
        mailing.send(mailing.build_notice(case_notice(case, payload), user))


def _why_not_told(case: UseCase, user: User, payload: Payload) -> str:
    if not user.is_active:
        return "closed account"
    if reading_level(user, case) != "full":
        return "cannot read it"
    what = payload["what"]
    if what != telling.MENTIONED and user.pk not in telling.audience(case, what):
        return "no longer follows"
    if "comment" in payload:
        standing = Comment.objects.filter(pk=payload["comment"], removed_at__isnull=True)
        return "" if standing.exists() else "removed"
    return "" if telling.still_holds(case, what, payload) else "no longer so"


@shared_task
def mind_rankings() -> int:
    """Remind members, and count the rounds whose deadline has passed."""
    ranking.remind_members()
    closed = 0
    for row in ranking.overdue_rankings():
        try:
            ranking.close_ranking(ranking=row, by=None)
        except StaleState as refusal:
            logger.info("Round %s was not closed: %s", row.pk, refusal)
        else:
            closed += 1
    return closed


@shared_task
def forget_citizens() -> int:
    """Delete what citizens did not confirm, and contact data that has served its purpose."""
    return citizens.forget_unconfirmed() + citizens.forget_contacts()


@outbox.handler(ranking.SEND)
def send_ranking(payload: Payload, report: Report) -> None:
    """Tell a member of a round, or remind them, unless there is nothing left to do."""
    rows = RankingRound.objects.select_related("committee__municipality")
    row = rows.get(pk=payload["round"])
    user = User.objects.get(pk=payload["user"])
    occasion = payload["occasion"]
    seated = user.is_active and roles_in(user, row.committee_id) & SEATED
    if not seated or not row.takes_votes or (occasion == "remind" and has_voted(row, user)):
        # One word for all reasons: the queue must not tell who has voted.
        report("not needed", 100)
        return
    with translation.override(mailing.LANGUAGE):
        mailing.send(mailing.build_notice(letters.ranking_notice(row, occasion), user))


@outbox.handler(citizens.SEND)
def send_citizen(payload: Payload, report: Report) -> None:
    """Ask a citizen to confirm, or thank them; nothing when it has been deleted meanwhile."""
    rows = CitizenProposal.objects.select_related("committee__municipality", "case")
    row = rows.filter(pk=payload["proposal"]).first()
    email = (row.case.contact_email if row.case else row.email) if row else ""
    if row is None or not email or (payload["occasion"] == "confirm" and row.confirmed_at):
        report("not needed", 100)
        return
    with translation.override(mailing.LANGUAGE):
        make = letters.receipt_letter if row.confirmed_at else letters.confirm_letter
        mailing.send(letters.build(make(row), email=email, committee=row.committee))


@outbox.handler(importing.CHECK)
def check_import(payload: outbox.Payload, report: outbox.Report) -> None:
    """Read a file into a preview."""
    importing.check_import(importing.get_batch(payload["import"]), report)


@outbox.handler(importing.RUN)
def run_import(payload: outbox.Payload, report: outbox.Report) -> None:
    """Take in what the preview showed; run again, it goes on where it stopped."""
    importing.run_import(importing.get_batch(payload["import"]), report)
