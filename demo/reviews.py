"""A whole review of a case in the demo, through the services, up to the body's decision."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from committee.enums import SeatKind
from committee.models import User
from demo.holding import person
from ethics import questionnaire as engine
from ethics import reviewing
from ethics.enums.rounds import Conflict
from ethics.models import ReviewRound
from ethics.selectors.rounds import candidates
from ethics.services import reviewers, rounds, sheets
from ethics.services.reviewers import seat_of
from usecases.models import UseCase

REASON = "Vurderet ud fra forslaget."


def review(case: UseCase, secretary: User, **decision: Any) -> None:
    """From screening to the recorded decision, which moves the case on."""
    row = ReviewRound.objects.unended().get(case=case)
    chosen = _choose(row)
    for one in chosen:
        reviewers.assign_reviewer(review=row, reviewer=one, by=secretary)
        reviewers.declare_impartiality(review=_fresh(row), answer=Conflict.NO, by=one)
    _move(row, "start_individual", secretary)
    for one in chosen:
        sheets.save_section(review=_fresh(row), answers=_answers(), by=one)
        sheets.seal_sheet(review=_fresh(row), recommendation="recommend", by=one)
    _move(row, "reveal", secretary)
    _discuss(row, secretary)
    _move(row, "sign_assessment", secretary, assessment="Bedømmerne er enige om anvendelsen.")
    meeting = timezone.localdate() + timedelta(days=14)
    _move(row, "put_on_agenda", secretary, on=meeting, title=case.title)
    outcome = "recommend_with_conditions" if decision.get("conditions") else "recommend"
    _move(
        row, "recommend", person("formand"), outcome=outcome, on=timezone.localdate(), present=9,
        reasons="Udvalget følger bedømmernes vurdering.",
    )  # fmt: skip
    _move(row, "send_to_body", secretary, body=decision["body"])
    _move(row, "record_decision", secretary, **decision)


def _fresh(row: ReviewRound) -> ReviewRound:
    return ReviewRound.objects.select_related("case__committee").get(pk=row.pk)


def _move(row: ReviewRound, move: str, by: User, **facts: Any) -> None:
    rounds.move_round(review=_fresh(row), move=move, by=by, **facts)


def _choose(row: ReviewRound) -> list[User]:
    """Somebody of the council, somebody who works with ethics, and one citizen more."""
    seats = [(one.user, seat_of(one.user, row)) for one in candidates(row)]
    members = [(user, seat) for user, seat in seats if seat and user != person("formand")]
    council = next(user for user, seat in members if seat.kind == SeatKind.COUNCIL)
    ethics = next(user for user, seat in members if seat.brings_ethics)
    third = next(user for user, _seat in members if user not in (council, ethics))
    return [council, ethics, third]


def _discuss(row: ReviewRound, by: User) -> None:
    for one in reviewing.disagreements(_fresh(row)):
        sheets.note_spread(review=_fresh(row), question=one.question.id, note="Drøftet.", by=by)
    for flag in reviewing.unanswered_flags(_fresh(row)):
        sheets.answer_flag(
            review=_fresh(row), question=flag.question.id, severity=flag.severity,
            text="Systemejeren følger op inden start.", by=by,
        )  # fmt: skip


def _answers() -> dict[str, Any]:
    """An answer without a flag to every question that has boxes."""
    known = engine.current()
    return {one.id: _good(one) for one in known.questions if one.type != "text"}


def _good(question: Any) -> dict[str, Any]:
    flagged = {key for flag in question.flags for key in flag.when}
    values = [value for value, _name in question.choices if value not in flagged | {"unknown"}]
    if question.type == "scale_0_4":
        value: Any = int(values[0] if question.scale == "impact" else values[-1])
    else:
        value = [values[0]] if question.type == "multi" else values[0]
    return {"value": value, "reason": REASON, "evidence": ""}
