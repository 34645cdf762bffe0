"""Pages of the review rounds. Nothing of a sealed sheet is read here but by its reviewer."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from committee.enums import Role
from committee.models import Membership, User, committees_where
from core.diffs import word_diff
from ethics.enums.rounds import (
    ENDED,
    FILLING,
    OPEN,
    RoundState,
)
from ethics.models import ReviewAssignment, ReviewRound, ReviewSheet
from ethics.models.questions import answers_of
from ethics.models.rounds import REVIEW_READERS
from ethics.naming import STEP_SLUGS
from ethics.policies import rounds as policies
from ethics.workflow import KIND_AT, ROUNDS
from usecases.enums import Status
from usecases.models import Revision, UseCase
from usecases.record import record
from usecases.selectors.page import shown

R = RoundState
LISTED = 200
LOOKS = {
    R.SCREENING: "empty", R.NEEDS_INFO: "miss", R.INDIVIDUAL: "half", R.DISCUSSION: "half",
    R.ASSESSED: "half", R.AGENDA: "half", R.DEFERRED: "miss", R.RECOMMENDED: "half",
    R.DECISION: "half", R.CLOSED: "done", R.CANCELLED: "empty",
}  # fmt: skip


# The overview ---------------------------------------------------------------------------------


def my_assignments(user: Any) -> Any:
    """Rounds that wait for this reviewer: to declare, or to seal a sheet."""
    sheets = ReviewSheet.objects.only("assignment", "turn", "sealed_at")
    rows = ReviewAssignment.objects.filter(
        reviewer=user, released_at__isnull=True, round__state__in=sorted(OPEN)
    )
    return rows.select_related("round__case__committee").prefetch_related(
        Prefetch("sheets", queryset=sheets)
    )


@dataclass(frozen=True)
class Task:
    """What one reviewer has to do in a round."""

    review: ReviewRound
    kind: str
    url: str


def my_tasks(user: Any) -> list[Task]:
    """Declarations first, then sheets by deadline."""
    if not policies.sees_own_sheet(user):
        return []
    found = []
    for row in my_assignments(user):
        review = row.round
        if policies.answers_for(user, review.case) or not policies.takes_part(user, review):
            continue
        if not row.conflict:
            url = reverse("ethics:review_declare", args=[review.pk])
            found.append(Task(review, "declare", url))
        elif row.is_impartial and row.has_sheet and review.state in FILLING:
            sheet = next((one for one in row.sheets.all() if one.turn == review.turn), None)
            if sheet is not None and sheet.sealed_at is None:
                url = reverse("ethics:sheet_page", args=[review.pk])
                found.append(Task(review, "sheet", url))
    return sorted(found, key=lambda one: (one.kind, one.review.deadline is None, one.review.pk))


def review_list(user: Any) -> dict[str, Any]:
    """My tasks, the open rounds by state, and those that ended last. A fixed number of queries."""
    rows = ReviewRound.objects.opened_to(user).select_related("case__committee")
    rows = rows.defer("answers", "assessment", "reasons", "dissent", "decision_reasons")
    running = list(rows.filter(state__in=sorted(OPEN)).order_by("opened_at")[:LISTED])
    groups: dict[str, list[ReviewRound]] = {}
    for review in running:
        groups.setdefault(review.state, []).append(review)
    return {
        "tasks": my_tasks(user),
        "groups": [
            {"label": state.label, "look": LOOKS[state], "rows": groups[state]}
            for state in RoundState
            if state in groups
        ],
        "ended": list(rows.filter(state__in=sorted(ENDED)).order_by("-closed_at")[:10]),
        "takes_part": bool(committees_where(user, REVIEW_READERS)),
    }


# One round ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """A move that is the reader's, and what stands in its way."""

    name: str
    label: Any
    url: str
    missing: Any


# Guards whose facts are there before the move's own form is filled in.
KNOWN_BEFORE = frozenset(
    {
        *("classified", "has_reviewers", "all_declared", "fast_track", "may_call_up", "all_sealed"),
        *("flags_answered", "spread_discussed", "call_up_over", "not_changed", "material"),
    }
)


def missing_first(review: ReviewRound, name: str) -> Any:
    """The first reason why the move is not possible yet, whatever is filled in; or nothing."""
    if review.state == R.SCREENING:
        review.answers = answers_of(review.case)
    for guard in ROUNDS.get(name).guards:
        if guard.__name__ in KNOWN_BEFORE and not (verdict := guard(review)):
            return verdict.reason
    return ""


def steps_for(user: Any, review: ReviewRound) -> list[Step]:
    """The reader's moves from here. The way on first, what stops it last."""
    late = ("ask_for_information", "defer", "restart_on_change", "cancel")
    names = [one for one in policies.moves_for(user, review) if one != "call_up" or _calls(review)]
    names.sort(key=lambda one: (late.index(one) + 1) if one in late else 0)
    return [
        Step(
            one,
            ROUNDS.get(one).label,
            reverse("ethics:review_step", args=[review.pk, STEP_SLUGS[one]]),
            _missing(user, review, one),
        )
        for one in names
        if one != "restart_on_change" or not missing_first(review, one)
    ]


def _missing(user: Any, review: ReviewRound, name: str) -> Any:
    # A member may always ask for it; reviewers are found afterwards.
    if name == "call_up" and not review.called_up_at:
        verdict = ROUNDS.get("call_up").guards[0](review)
        return "" if verdict else verdict.reason
    return missing_first(review, name)


def _calls(review: ReviewRound) -> bool:
    return review.fast_track


STAGES = (
    (_("Screening"), {R.SCREENING, R.NEEDS_INFO}),
    (_("Sheets"), {R.INDIVIDUAL}),
    (_("Discussion of the review"), {R.DISCUSSION}),
    (_("Joint assessment"), {R.ASSESSED}),
    (_("Agenda"), {R.AGENDA, R.DEFERRED}),
    (_("Recommendation"), {R.RECOMMENDED}),
    (_("Decision"), {R.DECISION, R.CLOSED}),
)


def stages(review: ReviewRound) -> list[dict[str, Any]]:
    """Where the round is among its stages."""
    now = next((n for n, (_l, states) in enumerate(STAGES) if review.state in states), -1)
    looks = ["done" if n < now else "now" if n == now else "" for n in range(len(STAGES))]
    if review.state == R.CLOSED:
        looks[-1] = "done"
    return [{"label": label, "look": look} for (label, _s), look in zip(STAGES, looks, strict=True)]


def review_page(user: Any, review: ReviewRound) -> dict[str, Any]:
    """Everything of a round that this reader may know."""
    part = policies.takes_part(user, review)
    runs = bool(policies.runs(user, review))
    own = policies.assignment_of(user, review)
    return {
        "review": review,
        "case": review.case,
        "look": LOOKS[RoundState(review.state)],
        "stages": stages(review),
        "steps": steps_for(user, review),
        "people": review.people if part else [],
        "runs": runs,
        "takes_part": part,
        "own": own,
        "may_declare": bool(policies.may_declare(user, review)),
        "can_fill": policies.is_late(user, review) and policies.sees_own_sheet(user),
        "can_assign": bool(policies.can_assign(user, review)),
        "reads_sheets": bool(policies.reads_sheets(user, review)),
        "can_discuss": bool(policies.can_discuss(user, review)),
        "sees_proposer": policies.sees_proposer(user, review),
        "sealed": review.sealed_count,
        "wanted": len(review.reviewers),
        "facts": record_rows(review) if part else [],
        "changes": changes_of(review) if part else [],
        "moves": list(review.moves.select_related("by")) if part else [],
    }


def record_rows(review: ReviewRound) -> list[tuple[str, Any]]:
    """The text that is reviewed, without the people behind it."""
    content = _content(review, review.revision)
    return [
        (one.short, shown(one, content[one.key]))
        for one in record().fields
        if one.type != "person" and content.get(one.key) not in (None, "", [], False)
    ]


def _content(review: ReviewRound, number: int) -> dict[str, Any]:
    row = Revision.objects.filter(case=review.case_id, number=number).first()
    fields: dict[str, Any] = row.content["fields"] if row else {}
    return fields


@dataclass(frozen=True)
class Change:
    label: str
    pieces: list[Any]


def changes_of(review: ReviewRound) -> list[Change]:
    """What is new in the text since the sheets before these were handed out."""
    sheets = ReviewSheet.objects.filter(assignment__round=review, turn__lt=review.turn or 1)
    if review.state == R.SCREENING:
        sheets = ReviewSheet.objects.filter(assignment__round=review)
    before = sheets.order_by("-turn").values_list("revision", flat=True).first()
    if before is None or before == review.revision:
        return []
    was, now = _content(review, before), _content(review, review.revision)
    return [
        Change(one.short, word_diff(_words(one, was), _words(one, now)))
        for one in record().fields
        if one.type != "person" and was.get(one.key) != now.get(one.key)
    ]


def _words(known: Any, fields: dict[str, Any]) -> str:
    value = fields.get(known.key)
    return "" if value in (None, "", []) else str(shown(known, value))


def kinds_for(case: UseCase) -> list[str]:
    """The reviews that fit where the case is."""
    return [str(kind) for kind, states in KIND_AT.items() if case.status in states]


# People ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Candidate:
    """Somebody who may be asked, and as what they would review."""

    user: User
    words: str


def candidates(review: ReviewRound) -> list[Candidate]:
    """Everybody of the body who may review and has not been asked."""
    roles = [role.value for role in REVIEW_READERS if role != "secretariat"]
    rows = Membership.objects.active().filter(
        committee=review.case.committee_id, role__in=roles, user__is_active=True
    )
    asked = {one.reviewer_id for one in review.people if one.has_sheet}
    asked |= review.out_ids
    found: dict[int, Candidate] = {}
    for row in rows.select_related("user", "seat_group").order_by("user__name"):
        if row.user_id in asked or policies.answers_for(row.user, review.case):
            continue
        words = row.seat_group.name if row.seat_group else str(row.get_role_display())
        if row.seat_group is not None or row.role in ("reviewer", "dpo", "legal"):
            found.setdefault(row.user_id, Candidate(row.user, words))
    return list(found.values())


# Beside a case, and on “My work” --------------------------------------------------------------


def rounds_of(user: Any, case: UseCase) -> list[ReviewRound]:
    """The rounds of a case that the reader may know of, newest first."""
    rows = ReviewRound.objects.opened_to(user).filter(case=case).order_by("-number")
    return list(rows.only("pk", "number", "kind", "state", "case")[:5])


def waiting_for_runner(user: Any) -> Any:
    """Rounds in which the secretariat has the next move; first the proposal itself is taken up."""
    bodies = committees_where(user, {Role.SECRETARIAT})
    states = [R.SCREENING, R.DISCUSSION, R.ASSESSED, R.RECOMMENDED, R.DECISION]
    rows = ReviewRound.objects.opened_to(user).filter(case__committee__in=bodies, state__in=states)
    rows = rows.exclude(state=R.SCREENING, case__status=Status.SUBMITTED)
    return rows.select_related("case").order_by("state_since")
