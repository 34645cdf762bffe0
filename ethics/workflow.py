"""The review rounds, R1–R15. No users here: who may make a move is the policies' part.

Guards read the round, its sheets and the case's own row. Dates and texts that a move brings with
it are put on the row before the guards are asked.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committee.deadlines import weekdays_before
from core.verdicts import YES, Verdict, no
from core.workflow import Transition, Workflow, register
from ethics import reviewing
from ethics.enums.rounds import ENDED, OPEN, RESTARTS, SEATS, Capacity, RoundKind, RoundState
from usecases.enums import EthicsOutcome, Status

R = RoundState
S = Status
FEWEST = 3
RUNNING = frozenset({S.PILOT, S.OPERATION, S.SUSPENDED})
BEFORE = frozenset({S.SUBMITTED, S.UNDER_ASSESSMENT, S.PARKED})
# When a review of each kind makes sense.
KIND_AT: dict[str, frozenset[str]] = {
    RoundKind.INITIAL: BEFORE,
    RoundKind.PILOT_EVALUATION: frozenset({S.PILOT, S.PILOT_ENDED}),
    RoundKind.PERIODIC: RUNNING,
    RoundKind.MATERIAL_CHANGE: RUNNING | BEFORE | {S.PILOT_ENDED},
    RoundKind.INCIDENT: RUNNING | {S.PILOT_ENDED},
    RoundKind.LAW_CHANGE: RUNNING | BEFORE | {S.PILOT_ENDED},
    RoundKind.LAPSE: frozenset({S.UNDER_ASSESSMENT}),
}


def _yes_if(fact: Any, reason: Any) -> Verdict:
    return YES if fact else no(reason)


def has_reason(review: Any) -> Verdict:
    return _yes_if(review.reason.strip(), _("Write the reason."))


def has_revisit_date(review: Any) -> Verdict:
    return _yes_if(review.revisit_on, _("Set a date to look at it again."))


def classified(review: Any) -> Verdict:
    return _yes_if(
        review.case.risk_tier and review.case.ruleset,
        _("The rules of the AI Act have not been answered for this case yet."),
    )


def has_reviewers(review: Any) -> Verdict:
    """Three from two seat groups, one with ethics as a subject; experts when the rule says so."""
    chosen = review.reviewers
    seats = {one.capacity for one in chosen} & SEATS
    if len(chosen) < FEWEST or len(seats) < len(SEATS):
        return no(
            _(
                "There must be at least three impartial reviewers, from the council and the "
                "citizens."
            )
        )
    if not any(one.knows_ethics for one in chosen):
        return no(_("One of the reviewers must work with ethics."))
    extra = any(one.capacity in (Capacity.DPO, Capacity.LEGAL) for one in chosen)
    wanted = reviewing.wanted_extras(review, review.answers)
    return _yes_if(
        extra or not wanted,
        _("The data protection officer or a lawyer must be among the reviewers of this case."),
    )


def all_declared(review: Any) -> Verdict:
    """Nobody takes part without having said that they are impartial in this very case."""
    if not review.people:
        return no(_("Nobody has declared that they are impartial in this case yet."))
    return _yes_if(
        all(one.conflict for one in review.people),
        _("Everybody who takes part must first say whether they are impartial in this case."),
    )


def fast_track(review: Any) -> Verdict:
    return _yes_if(
        reviewing.fast_track_holds(review, review.answers),
        _(
            "The fast track is for cases without major flags, of low risk, with ordinary data and "
            "where a person decides."
        ),
    )


def may_call_up(review: Any) -> Verdict:
    if not review.fast_track or review.call_up_until is None:
        return no(_("Only a case on the fast track can be called up."))
    asked = timezone.localdate(review.called_up_at) if review.called_up_at else timezone.localdate()
    return _yes_if(asked <= review.call_up_until, _("The ten working days have passed."))


def call_up_over(review: Any) -> Verdict:
    """A fast-tracked case waits for the members; one that was called up is reviewed first."""
    if not review.fast_track:
        return YES
    if review.called_up_at:
        return no(_("A member has called the case up. It must be reviewed first."))
    return _yes_if(
        review.call_up_until and timezone.localdate() > review.call_up_until,
        _("The members can still call the case up."),
    )


def all_sealed(review: Any) -> Verdict:
    sealed, wanted = review.sealed_count, len(review.reviewers)
    passed = review.deadline is not None and review.deadline <= timezone.now()
    enough = (sealed == wanted or passed) and sealed >= FEWEST
    return _yes_if(
        enough,
        _(
            "The sheets open when all are sealed, or when at least three are and the deadline is "
            "over."
        ),
    )


def flags_answered(review: Any) -> Verdict:
    return _yes_if(
        not reviewing.unanswered_flags(review),
        _("Every major flag needs a mitigation or a condition, and every minor one a comment."),
    )


def spread_discussed(review: Any) -> Verdict:
    return _yes_if(
        all(one.note for one in reviewing.disagreements(review)),
        _("Every point on the discussion list needs a note."),
    )


def has_assessment(review: Any) -> Verdict:
    return _yes_if(review.assessment.strip(), _("Write the joint assessment."))


def frozen(review: Any) -> Verdict:
    """What is decided on is what was reviewed: the same text, kept with its hash."""
    current = review.snapshot_sha256 and review.snapshot_revision == review.revision
    return _yes_if(current, _("What the committee decides on has not been frozen."))


def not_changed(review: Any) -> Verdict:
    return _yes_if(
        frozen(review) and not reviewing.material_changes(review),
        _("The proposal has changed materially since it was reviewed. It needs a new review."),
    )


def agenda_in_time(review: Any) -> Verdict:
    if review.agenda_on is None or not review.agenda_title.strip():
        return no(_("Write which item of which meeting it is."))
    if review.agenda_access == "closed" and not review.agenda_ground.strip():
        return no(_("A closed item needs its legal ground."))
    published = review.agenda_published_on or timezone.localdate()
    return _yes_if(
        published <= weekdays_before(review.agenda_on, review.agenda_weekdays),
        _("The members must have the agenda in time under the rules of the body."),
    )


def in_mandate(review: Any) -> Verdict:
    day = review.agenda_on or timezone.localdate()
    return _yes_if(
        covers(review.case.committee, day), _("The mandate of the body does not cover that date.")
    )


def covers(committee: Any, day: date) -> bool:
    begun = committee.mandate_from is None or committee.mandate_from <= day
    return begun and (committee.mandate_to is None or day <= committee.mandate_to)


def quorate(review: Any) -> Verdict:
    counted = review.present is not None and review.quorum > 0
    return _yes_if(
        counted and review.present >= review.quorum,
        _("Too few impartial members were present to decide."),
    )


def no_blocker(review: Any) -> Verdict:
    if review.outcome == EthicsOutcome.NOT_RECOMMEND:
        return YES
    return _yes_if(
        not reviewing.open_blockers(review),
        _("There is a blocking flag. It cannot be recommended until its cause is removed."),
    )


def recommendation_record(review: Any) -> Verdict:
    stated = review.outcome and review.recommended_on and review.reasons.strip()
    return _yes_if(
        stated and review.agenda_title.strip(),
        _("The recommendation needs its outcome, its date and its reasons."),
    )


def decision_record(review: Any) -> Verdict:
    stated = review.decision and review.decision_on and review.body.strip()
    return _yes_if(
        stated and review.decision_reasons.strip(),
        _("The decision of the competent body is not recorded."),
    )


def decided_in_mandate(review: Any) -> Verdict:
    return _yes_if(
        review.decision_in_mandate,
        _("The mandate of the body does not cover the date of decision."),
    )


POSITIVE = frozenset({"approve_pilot", "approve_operation", "uphold"})


def no_approval_with_blocker(review: Any) -> Verdict:
    blocked = review.decision in POSITIVE and reviewing.open_blockers(review)
    return _yes_if(
        not blocked,
        _("There is a blocking flag. The use cannot be approved until its cause is removed."),
    )


def material(review: Any) -> Verdict:
    return _yes_if(
        reviewing.material_changes(review),
        _("Nothing material of the proposal has changed since the review."),
    )


def move(name: str, sources: Iterable[str], target: str, label: Any, *guards: Any) -> Transition:
    return Transition(name, frozenset(sources), target, label, guards)


ROUNDS = register(
    Workflow(
        name="review_round",
        states=dict(R.choices),
        final=ENDED,
        transitions=(
            move(
                "ask_for_information",
                {R.SCREENING, R.DISCUSSION, R.AGENDA},
                R.NEEDS_INFO,
                _("Ask for information"),
                has_reason,
            ),
            move("answer", {R.NEEDS_INFO}, R.SCREENING, _("Send the answer")),
            move(
                "start_individual",
                {R.SCREENING},
                R.INDIVIDUAL,
                _("Hand out the sheets"),
                classified,
                has_reviewers,
                all_declared,
            ),
            move(
                "fast_track",
                {R.SCREENING},
                R.ASSESSED,
                _("Take the fast track"),
                classified,
                fast_track,
                all_declared,
            ),
            move(
                "call_up",
                {R.ASSESSED},
                R.INDIVIDUAL,
                _("Call the case up"),
                may_call_up,
                has_reviewers,
                all_declared,
            ),
            move("reveal", {R.INDIVIDUAL}, R.DISCUSSION, _("Open all sheets"), all_sealed),
            move(
                "sign_assessment",
                {R.DISCUSSION},
                R.ASSESSED,
                _("Sign the joint assessment"),
                flags_answered,
                spread_discussed,
                has_assessment,
            ),
            move(
                "put_on_agenda",
                {R.ASSESSED},
                R.AGENDA,
                _("Put it on the agenda"),
                call_up_over,
                frozen,
                agenda_in_time,
                in_mandate,
            ),
            move(
                "recommend",
                {R.AGENDA},
                R.RECOMMENDED,
                _("Record the recommendation"),
                quorate,
                all_declared,
                no_blocker,
                recommendation_record,
            ),
            move(
                "defer",
                {R.AGENDA},
                R.DEFERRED,
                _("Put it off"),
                has_reason,
                has_revisit_date,
            ),
            move(
                "take_up_again",
                {R.DEFERRED},
                R.AGENDA,
                _("Take it up again"),
                frozen,
                agenda_in_time,
            ),
            move("send_to_body", {R.RECOMMENDED}, R.DECISION, _("Send it to the competent body")),
            move(
                "record_decision",
                {R.DECISION},
                R.CLOSED,
                _("Record the decision"),
                not_changed,
                decision_record,
                decided_in_mandate,
                no_approval_with_blocker,
            ),
            move("cancel", OPEN, R.CANCELLED, _("Cancel the review"), has_reason),
            move(
                "restart_on_change",
                RESTARTS,
                R.SCREENING,
                _("Begin again after the change"),
                material,
            ),
        ),
    )
)
