"""What each move of a review round brings with it: the columns that are written with the move."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from committee.deadlines import weekdays_after
from committee.models import Committee, Membership, RuleProfile
from core.text import clean_text
from core.verdicts import Refused
from ethics.enums.rounds import Capacity, Conflict, RoundDecision
from ethics.models import ReviewAssignment, ReviewRound
from ethics.models.questions import answers_of, questionnaire_of, sheet_of
from ethics.services.snapshots import take_snapshot
from ethics.workflow import RUNNING, covers
from usecases.enums import Decision, EthicsOutcome

CALL_UP_DAYS = 10
DAYS_TO_REVIEW = 14
LONGEST = 5000


def checked_text(raw: Any, field: str, longest: int = LONGEST) -> str:
    text = clean_text(str(raw or ""))
    if len(text) > longest:
        raise Refused(_("Write at most %(n)s characters.") % {"n": longest}, field)
    return text


def facts_of(
    review: ReviewRound, move: str, by: Any, now: datetime, given: Mapping[str, Any]
) -> dict[str, Any]:
    """What is written with the move. Each move takes its own facts and no others."""
    make = FACTS.get(move)
    return make(review, by, now, **given) if make else _nothing(**given)


def _nothing() -> dict[str, Any]:
    return {}


def _new_turn(review: ReviewRound, now: datetime, deadline: datetime | None) -> dict[str, Any]:
    """Sheets are handed out: on the text and the answers as they are now."""
    deadline = deadline or now + timedelta(days=DAYS_TO_REVIEW)
    if deadline <= now:
        raise Refused(_("Choose a deadline that is still to come."), "deadline")
    return {
        "turn": review.turn + 1,
        "revision": review.case.revision,
        "questionnaire_ref": questionnaire_of(sheet_of(review.case)).ref,
        "answers": answers_of(review.case),
        "deadline": deadline,
        "revealed_at": None,
        "assessment": "",
        "signed_at": None,
        "signed_by": None,
        "snapshot_sha256": "",
    }


def _start(
    review: ReviewRound, by: Any, now: datetime, *, deadline: Any = None, blind: bool = False
) -> dict[str, Any]:
    return _new_turn(review, now, deadline) | {"blind": blind, "fast_track": False}


def _fast(
    review: ReviewRound, by: Any, now: datetime, *, assessment: str = "", impartial: bool = False
) -> dict[str, Any]:
    if not impartial:
        raise Refused(_("Say that you are impartial in this case."), "impartial")
    ReviewAssignment.objects.update_or_create(
        round=review,
        reviewer=by,
        defaults={
            "capacity": Capacity.SECRETARIAT,
            "conflict": Conflict.NO,
            "answered_at": now,
            "assigned_by": by,
        },
    )
    review.forget()
    until = weekdays_after(timezone.localdate(now), CALL_UP_DAYS)
    return _new_turn(review, now, None) | {
        "deadline": None,
        "fast_track": True,
        "call_up_until": until,
        "called_up_at": None,
        "called_up_by": None,
        "assessment": _needed(assessment, "assessment", _("Write the joint assessment.")),
        "signed_at": now,
        "signed_by": by,
    }


def _call_up(review: ReviewRound, by: Any, now: datetime, **more: Any) -> dict[str, Any]:
    called = {} if review.called_up_at else {"called_up_at": now, "called_up_by": by}
    return _new_turn(review, now, more.get("deadline")) | called


def _reveal(review: ReviewRound, by: Any, now: datetime) -> dict[str, Any]:
    return {"revealed_at": now}


def _sign(review: ReviewRound, by: Any, now: datetime, *, assessment: str = "") -> dict[str, Any]:
    return {"assessment": checked_text(assessment, "assessment"), "signed_at": now, "signed_by": by}


def _needed(raw: Any, field: str, sentence: str, longest: int = LONGEST) -> str:
    text = checked_text(raw, field, longest)
    if not text:
        raise Refused(sentence, field)
    return text


def _agenda(
    review: ReviewRound,
    by: Any,
    now: datetime,
    *,
    on: date | None = None,
    title: str = "",
    item: str = "",
    url: str = "",
    published_on: date | None = None,
    access: str = "open",
    ground: str = "",
) -> dict[str, Any]:
    """A plain reference to the item, and what the committee will decide on, kept by its hash."""
    url = url.strip()
    if url and not url.startswith(("https://", "http://", "/")):
        raise Refused(_("The link must begin with https://."), "url")
    if on is not None and on < timezone.localdate(now):
        raise Refused(_("Choose a date that is still to come."), "on")
    return {
        "agenda_on": on,
        "agenda_title": checked_text(title, "title", 200),
        "agenda_item": item.strip()[:60],
        "agenda_url": url[:500],
        "agenda_published_on": published_on,
        "agenda_access": access,
        "agenda_ground": ground.strip()[:200],
        "snapshot_sha256": take_snapshot(review.case, by).sha256,
        "snapshot_revision": review.revision,
    }


def _recommend(
    review: ReviewRound,
    by: Any,
    now: datetime,
    *,
    outcome: str = "",
    on: date | None = None,
    reasons: str = "",
    dissent: str = "",
    present: int | None = None,
) -> dict[str, Any]:
    if outcome not in EthicsOutcome.values:
        raise Refused(_("Choose one of the answers."), "outcome")
    if on is not None and on > timezone.localdate(now):
        raise Refused(_("The date cannot be in the future."), "on")
    return {
        "outcome": outcome,
        "recommended_on": on,
        "reasons": checked_text(reasons, "reasons"),
        "dissent": checked_text(dissent, "dissent"),
        "present": present,
        "quorum": quorum_of(review.case.committee, on or timezone.localdate(now)),
    }


def quorum_of(committee: Committee, day: date) -> int:
    """How many impartial members must be present; half of the seats without rules of one's own."""
    rows = Membership.objects.active_on(day).seated().filter(committee=committee)
    seats = rows.values("user").distinct().count()
    profiles = RuleProfile.objects.filter(terms__committee=committee, valid_from__lte=day)
    profile = profiles.order_by("-valid_from", "-pk").first()
    return max(1, profile.rules.quorum_needed(seats) if profile else (seats + 1) // 2)


def _defer(
    review: ReviewRound, by: Any, now: datetime, *, revisit_on: date | None = None
) -> dict[str, Any]:
    if revisit_on and revisit_on <= timezone.localdate(now):
        raise Refused(_("Choose a date that is still to come."), "revisit_on")
    return {"revisit_on": revisit_on}


def _send(review: ReviewRound, by: Any, now: datetime, *, body: str = "") -> dict[str, Any]:
    return {"body": _needed(body, "body", _("Write which body decides."), 200)}


def _decide(review: ReviewRound, by: Any, now: datetime, **given: Any) -> dict[str, Any]:
    """The decision as it stands in the round; on the case it is a fact of its own."""
    decision, on = given.get("decision", ""), given.get("on")
    running = review.case.status in RUNNING
    fits = (RoundDecision.UPHOLD, RoundDecision.SUSPEND) if running else tuple(Decision)
    if decision not in [str(one.value) for one in fits]:
        raise Refused(_("Choose what was decided."), "decision")
    if on is not None and on > timezone.localdate(now):
        raise Refused(_("The date of the decision cannot be in the future."), "on")
    body: Committee | None = given.get("committee")
    deviation = checked_text(given.get("deviation"), "deviation")
    against = (review.outcome == EthicsOutcome.NOT_RECOMMEND) != (
        decision in (RoundDecision.REJECT, RoundDecision.SUSPEND)
    )
    if against and not deviation:
        raise Refused(_("The decision goes against the recommendation. Write why."), "deviation")
    review.given = given  # type: ignore[attr-defined]
    by_name = body.full_name if body else review.body
    return {
        "decision": decision,
        "decision_on": on,
        "body": checked_text(given.get("body") or by_name, "body", 200),
        "decision_reasons": checked_text(given.get("reasons"), "reasons"),
        "decision_deviation": deviation,
        "decision_in_mandate": body is None or on is None or covers(body, on),
        "closed_at": now,
    }


def _cancel(review: ReviewRound, by: Any, now: datetime) -> dict[str, Any]:
    return {"closed_at": now}


def _again(review: ReviewRound, by: Any, now: datetime) -> dict[str, Any]:
    """Back to the screening; sealed sheets stay with the turn and the text that they are about."""
    return {"snapshot_sha256": "", "fast_track": False, "called_up_at": None, "called_up_by": None}


FACTS: dict[str, Any] = {
    "answer": _again,
    "start_individual": _start,
    "fast_track": _fast,
    "call_up": _call_up,
    "reveal": _reveal,
    "sign_assessment": _sign,
    "put_on_agenda": _agenda,
    "take_up_again": _agenda,
    "recommend": _recommend,
    "defer": _defer,
    "send_to_body": _send,
    "record_decision": _decide,
    "cancel": _cancel,
    "restart_on_change": _again,
}
