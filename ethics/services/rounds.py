"""The review rounds: opening one, and the one service that makes their moves."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.text import clean_text
from core.verdicts import NotAllowed, Refused, StaleState
from ethics import reviewing
from ethics.enums.rounds import OPEN, RoundDecision, RoundKind, RoundState
from ethics.models import ReviewMove, ReviewRound, ReviewSheet
from ethics.models.questions import questionnaire_of, sheet_of
from ethics.policies import rounds as policies
from ethics.services import notices
from ethics.services.round_facts import LONGEST, checked_text, facts_of
from ethics.services.snapshots import newest_snapshot
from ethics.snapshots import is_current
from ethics.workflow import KIND_AT, ROUNDS, RUNNING
from usecases.enums import FINAL, Status
from usecases.models import UseCase
from usecases.services import facts as case_facts
from usecases.services.moves import move_case
from usecases.services.texts import fresh as fresh_case

REVIEWED_AGAIN = timedelta(days=365)
S = Status
# Moves that rest on what was frozen for those who decide.
DECIDING = frozenset({"recommend", "record_decision"})


def fresh(review: ReviewRound) -> ReviewRound:
    """The round as it is now, locked with its case for the rest of the transaction."""
    case = fresh_case(UseCase(pk=review.case_id))
    rows = ReviewRound.objects.select_for_update(of=("self",))
    found = rows.get(pk=review.pk)
    found.case = case
    return found


def open_round_of(case: UseCase) -> ReviewRound | None:
    """The case's round that has not ended, if any."""
    found = ReviewRound.objects.unended().filter(case=case).first()
    if found is not None:
        found.case = case
    return found


@transaction.atomic
def open_round(*, case: UseCase, kind: str, by: Any, reason: str = "") -> ReviewRound:
    """Begin a review. `by=None` is the system.

    Raises `Refused` for a kind that does not fit where the case is, `StaleState` when a review
    is open already.
    """
    policies.can_open(by, case).require()
    case = fresh_case(case)
    if kind not in RoundKind.values:
        raise Refused(_("Choose one of the answers."), "kind")
    if case.merged_into_id or case.status not in KIND_AT[kind]:
        raise Refused(_("A review of this kind does not fit where the case is."), "kind")
    numbers = ReviewRound.objects.filter(case=case).aggregate(last=Max("number"))
    try:
        with transaction.atomic():
            review = ReviewRound.objects.create(
                case=case,
                number=(numbers["last"] or 0) + 1,
                kind=kind,
                opened_by=by,
                reason=clean_text(reason)[:LONGEST],
                revision=case.revision,
                questionnaire_ref=questionnaire_of(sheet_of(case)).ref,
            )
    except IntegrityError as error:
        raise StaleState(_("A review of the case is open already.")) from error
    data = {"kind": str(kind), "number": review.number, "revision": review.revision}
    audit.record("ethics.open_round", review, by=by, scope=case.committee, data=data)
    return review


@transaction.atomic
def move_round(
    *, review: ReviewRound, move: str, by: Any, reason: str = "", **facts: Any
) -> ReviewRound:
    """Make one move of a round, R1–R15. `by=None` is the system.

    Raises `KeyError` for a move that is none, `NotAllowed` when it is not this person's or a
    guard refuses, `StaleState` when the round has moved on, `Refused` for a bad text or date.
    """
    ROUNDS.get(move)
    seen = review.state
    review = fresh(review)
    policies.may_move(by, review, move).require()
    if review.state != seen:
        raise StaleState(_("Somebody else moved the review meanwhile. Nothing was changed."))
    now = timezone.now()
    changes = {"reason": checked_text(reason, "reason")} | facts_of(review, move, by, now, facts)
    if move in DECIDING and review.snapshot_sha256:
        changes |= _newest_snapshot(review)
    # The guards read the row as it will be.
    for key, value in changes.items():
        setattr(review, key, value)
    old = ROUNDS.apply(review, move, state_since=now, **changes)
    if move in DECIDING:
        _must_be_current(review)
    ReviewMove.objects.create(
        round=review, move=move, old=old, new=review.state, reason=review.reason, at=now, by=by
    )
    data = {"from": old, "to": str(review.state), "turn": review.turn, "revision": review.revision}
    audit.record(
        f"ethics.round_{move}",
        review,
        by=by,
        scope=review.case.committee,
        data=data | _told(review),
    )
    _effects(review, move, by)
    return review


def _newest_snapshot(review: ReviewRound) -> dict[str, Any]:
    """What was frozen last, if it was frozen anew since it was put on the agenda."""
    row = newest_snapshot(review.case)
    return {"snapshot_sha256": row.sha256, "snapshot_revision": row.revision} if row else {}


def _must_be_current(review: ReviewRound) -> None:
    """Nobody decides on something else than what was frozen for them to read."""
    row = newest_snapshot(review.case)
    if review.snapshot_sha256 and (row is None or not is_current(row)):
        raise StaleState(
            _(
                "Something has changed since the case was frozen for the decision. Freeze it "
                "again under “It was decided on”, and let those who decide see what changed."
            )
        )


def _told(review: ReviewRound) -> dict[str, Any]:
    """Facts of a move that belong in the protocol and are no texts."""
    facts = {
        "outcome": review.outcome,
        "decision": review.decision,
        "snapshot": review.snapshot_sha256,
    }
    return {key: value for key, value in facts.items() if value}


# What follows from a move ---------------------------------------------------------------------


def _effects(review: ReviewRound, move: str, by: Any) -> None:
    if move in ("start_individual", "call_up"):
        hand_out(review)
        notices.tell_sheets(review, by)
    if move == "fast_track":
        notices.tell_fast_track(review, by)
    if move == "reveal":
        reveal_sheets(review)
        notices.tell_revealed(review, by)
    if move == "recommend" and review.recommended_on:
        case_facts.record_ethics_outcome(
            case=review.case, outcome=review.outcome, on=review.recommended_on, by=by
        )
    if move == "record_decision":
        carry_out(review, by)


def hand_out(review: ReviewRound) -> None:
    """A sheet for each reviewer; one who had a sheet of an earlier turn goes on from it."""
    review.forget()
    for one in review.reviewers:
        if not one.is_impartial:
            continue
        before = one.sheets.order_by("-turn").first()
        ReviewSheet.objects.get_or_create(
            assignment=one,
            turn=review.turn,
            defaults={
                "revision": review.revision,
                "questionnaire_ref": review.questionnaire_ref,
                "answers": before.answers if before else {},
                "recommendation": before.recommendation if before else "",
                "note": before.note if before else "",
            },
        )
    review.forget()


def reveal_sheets(review: ReviewRound) -> None:
    """All that are sealed, at one moment."""
    rows = ReviewSheet.objects.filter(assignment__round=review, turn=review.turn)
    rows.filter(sealed_at__isnull=False).update(revealed_at=review.revealed_at)
    review.forget()


def carry_out(review: ReviewRound, by: Any) -> None:
    """Before a decision the case moves on; in operation it goes on, or is suspended."""
    given: dict[str, Any] = review.given  # type: ignore[attr-defined]
    if review.decision == RoundDecision.UPHOLD:
        day = given.get("review_again") or timezone.localdate() + REVIEWED_AGAIN
        case_facts.record_upheld(case=review.case, rereview_on=day, by=by)
        return
    if review.decision == RoundDecision.SUSPEND:
        if review.case.status != Status.SUSPENDED:
            reason = review.decision_reasons[:2500]
            move_case(case=review.case, move="suspend", by=by, reason=reason)
        return
    words = {key: given[key] for key in DECISION_FACTS if key in given}
    record = case_facts.DecisionRecord(
        decision=review.decision,
        body=review.body,
        on=review.decision_on or timezone.localdate(),
        reasons=review.decision_reasons,
        deviation=review.decision_deviation,
        **words,
    )
    case_facts.record_decision(case=review.case, record=record, by=by)
    move_case(case=fresh_case(review.case), move=review.decision, by=by)


DECISION_FACTS = (
    *("committee", "case_id", "item", "link", "conditions", "dissent", "access", "ground"),
    "expires",
)


@transaction.atomic
def ask_call_up(*, review: ReviewRound, by: Any) -> ReviewRound:
    """A member calls a fast-tracked case up; the sheets are handed out when reviewers are there."""
    review = fresh(review)
    policies.may_move(by, review, "call_up").require()
    if review.called_up_at:
        raise StaleState(_("The case has been called up already. Nothing was changed."))
    ROUNDS.get("call_up").guards[0](review).require()
    if review.state not in ROUNDS.get("call_up").sources:
        raise StaleState(_("The case is no longer where it can be called up."))
    review.called_up_at, review.called_up_by = timezone.now(), by
    review.save(update_fields=["called_up_at", "called_up_by"])
    audit.record("ethics.ask_call_up", review, by=by, scope=review.case.committee)
    try:
        with transaction.atomic():
            return move_round(review=review, move="call_up", by=by)
    except NotAllowed:
        # The secretariat finds reviewers; until then nothing else happens to the case.
        notices.tell_called_up(review, by)
        return review


# What the life cycle brings with it -----------------------------------------------------------


def after_case_move(case: UseCase, move: str, by: Any) -> None:
    """A case was submitted, ended its pilot, lapsed, or left: its review follows."""
    kind = {
        "submit": RoundKind.INITIAL,
        "end_pilot": RoundKind.PILOT_EVALUATION,
        "lapse": RoundKind.LAPSE,
    }.get(move)
    review = open_round_of(case)
    if review is not None and (case.status in FINAL or move == "lapse"):
        cancel_by_system(review, str(case.get_status_display()))
        review = None
    if kind and review is None:
        open_round(case=case, kind=kind, by=None)


def cancel_by_system(review: ReviewRound, reason: str) -> None:
    move_round(review=review, move="cancel", by=None, reason=reason)


def after_revision(case: UseCase, changed: list[str], by: Any) -> None:
    """The text of a case changed: what was judged of it is judged anew, if it was material."""
    review = open_round_of(case)
    if review is None:
        if case.material_change and case.status in RUNNING:
            open_round(case=case, kind=RoundKind.MATERIAL_CHANGE, by=None)
        return
    if review.state == RoundState.SCREENING:
        ReviewRound.objects.filter(pk=review.pk).update(revision=case.revision)
        return
    if not reviewing.material_changes(review):
        return
    restart(review, case)


def review_because(case: UseCase, kind: str, reason: str = "") -> ReviewRound | None:
    """A review by the system when the law changed or a condition is overdue: unless one is open."""
    if open_round_of(case) or case.merged_into_id or case.status not in KIND_AT[kind]:
        return None
    return open_round(case=case, kind=kind, by=None, reason=reason)


def restart(review: ReviewRound, case: UseCase) -> None:
    """R15 while it is judged; later what was judged falls, and a new round begins."""
    reason = _("The proposal changed materially.")
    if review.state in ROUNDS.get("restart_on_change").sources:
        move_round(review=review, move="restart_on_change", by=None, reason=reason)
    elif review.state != RoundState.NEEDS_INFO:
        cancel_by_system(review, reason)
        open_round(case=case, kind=RoundKind.MATERIAL_CHANGE, by=None, reason=reason)


def overdue_reveals(now: datetime | None = None) -> list[ReviewRound]:
    """Rounds whose deadline has passed; the guard says whether enough is sealed."""
    now = now or timezone.now()
    rows = ReviewRound.objects.filter(state=RoundState.INDIVIDUAL, deadline__lte=now)
    return list(rows.select_related("case__committee"))


def due_reviews(today: date | None = None) -> list[UseCase]:
    """Cases in use whose date for a new review has come and that are in no round."""
    today = today or timezone.localdate()
    rows = UseCase.objects.filter(
        status__in=(S.PILOT, S.OPERATION), rereview_on__lte=today, merged_into__isnull=True
    )
    return list(rows.exclude(reviews__state__in=sorted(OPEN)))
