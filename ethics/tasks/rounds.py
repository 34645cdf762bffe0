"""What happens by itself: reminders, reveals, and reviews that are due."""

import logging
from datetime import timedelta

from celery import shared_task
from django.db import transaction
from django.utils import timezone, translation

from committee.models import User
from core import mailing, outbox
from core.outbox import Payload, Report
from core.store import store_bytes
from core.verdicts import NotAllowed, Refused, StaleState
from ethics import letters
from ethics.enums.rounds import FILLING, RoundKind, RoundState
from ethics.models import ResultDocument, ReviewRound
from ethics.policies import rounds as policies
from ethics.services import notices, rounds
from ethics.services.results import RENDER, fingerprint, result_filename

logger = logging.getLogger(__name__)
REMIND_BEFORE = timedelta(days=3)


@shared_task
def mind_reviews() -> int:
    """Remind reviewers, open sheets whose deadline has passed, begin reviews that are due."""
    return remind_reviewers() + reveal_overdue() + begin_due()


def remind_reviewers() -> int:
    """One mail per turn to those who have not sealed, three days before the deadline."""
    now = timezone.now()
    rows = ReviewRound.objects.filter(
        state=RoundState.INDIVIDUAL, deadline__gt=now, deadline__lte=now + REMIND_BEFORE
    )
    count = 0
    for review in rows.select_related("case__committee"):
        late = [s.assignment.reviewer_id for s in review.turn_sheets if not s.sealed_at]
        with transaction.atomic():
            notices.remind(review, late)
        count += len(late)
    return count


def reveal_overdue() -> int:
    opened = 0
    for review in rounds.overdue_reveals():
        try:
            rounds.move_round(review=review, move="reveal", by=None)
        except (NotAllowed, StaleState) as refusal:
            logger.info("The sheets of review %s stay sealed: %s", review.pk, refusal)
        else:
            opened += 1
    return opened


def begin_due() -> int:
    begun = 0
    for case in rounds.due_reviews():
        try:
            rounds.open_round(case=case, kind=RoundKind.PERIODIC, by=None)
        except (Refused, StaleState) as refusal:
            logger.info("No review of case %s was begun: %s", case.pk, refusal)
        else:
            begun += 1
    return begun


@outbox.handler(notices.SEND)
def send_review_notice(payload: Payload, report: Report) -> None:
    """Tell one person what waits for them, unless there is nothing left to do."""
    rows = ReviewRound.objects.select_related("case__committee__municipality")
    review = rows.get(pk=payload["review"])
    user = User.objects.get(pk=payload["user"])
    if not still_needed(review, user, payload):
        report("not needed", 100)
        return
    with translation.override(mailing.LANGUAGE):
        notice = letters.review_notice(review, payload["what"])
        mailing.send(mailing.build_notice(notice, user))


def still_needed(review: ReviewRound, user: User, payload: Payload) -> bool:
    """One word for all reasons: the queue must not tell who has sealed."""
    what = payload["what"]
    same_turn = review.turn == payload["turn"] or what == notices.ASKED
    open_to = user.is_active and not review.is_ended and policies.takes_part(user, review)
    if not open_to or not same_turn or user.pk in review.out_ids:
        return False
    if what == notices.ASKED:
        own = policies.assignment_of(user, review)
        return own is not None and not own.conflict
    if what in (notices.SHEETS, notices.REMIND, notices.DEADLINE):
        return review.state in FILLING and policies.is_late(user, review)
    if what == notices.FAST_TRACK:
        return review.state == RoundState.ASSESSED and review.fast_track
    return True


@outbox.handler(RENDER)
def render_result(payload: Payload, report: Report) -> None:
    """Make one PDF and attach it to its row; a row that has its file is done already."""
    # WeasyPrint takes a while to import; only the worker needs it.
    from ethics.documents import result_pdf

    rows = ResultDocument.objects.select_related("round__case__committee__municipality")
    document = rows.filter(pk=payload["document"]).first()
    if document is None or document.file_id:
        return
    review = document.round
    if fingerprint(review) != document.fingerprint:
        logger.info("Result %s is out of date and is not made", document.pk)
        return
    data = result_pdf(review)
    report("", 95)
    stored = store_bytes(data, filename=result_filename(review), media_type="application/pdf")
    with transaction.atomic():
        ResultDocument.objects.filter(pk=document.pk, file__isnull=True).update(file=stored)
