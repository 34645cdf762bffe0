"""Rounds × life cycle as a state machine: whatever anybody does in whatever order, no approval
past an open blocker, a missing declaration, a lapsed decision or an unmet gate."""

from typing import Any

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from core.verdicts import NotAllowed, Refused, StaleState
from ethics import reviewing
from ethics.enums.rounds import OPEN, Conflict
from ethics.models import FlagAnswer, ReviewAssignment, ReviewRound, ReviewSheet
from ethics.questionnaire import current
from ethics.services import rounds
from tests.ethics.scenes_rounds import (
    REVIEWERS,
    WORDS,
    a_round,
    assign,
    declare,
    discussed,
    seal,
)
from tests.ethics.test_rounds import MOVES as ROUND_MOVES
from tests.factories import day
from tests.usecases.test_life_cycle import MOVES as CASE_MOVES
from usecases.models import UseCase
from usecases.services.moves import move_case
from usecases.services.texts import save_values

REFUSALS = (NotAllowed, StaleState, Refused)
PEOPLE = ("secretary", "chair", "member", "owner", "proposer", "council", "system")
RIGHT = {
    "secretariat": "secretary",
    "decider": "secretary",
    "chair": "chair",
    "member": "member",
    "proposer": "proposer",
    "owner": "owner",
    "system": "system",
}
APPROVED = {"approve_pilot": "approved_for_pilot", "approve_operation": "approved_for_operation"}
STARTED = {"start_pilot": "pilot", "start_operation": "operation"}
BLOCKER = next(
    (question.id, next(iter(flag.when)))
    for question in current().questions
    for flag in question.flags
    if flag.severity == "blocker"
    and question.type in ("yes_no", "yes_no_na", "single")
    and not question.show_if
)


class Rounds(RuleBasedStateMachine):
    """Everybody tries everything; facts that the guards read come and go."""

    @initialize()
    def begin(self) -> None:
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.scene = a_round()
        self.scene.move("cancel")
        self.scene.review = rounds.open_round(
            case=self.case, kind="initial", by=self.scene.secretary
        )
        self.status = self.case.status

    @property
    def case(self) -> UseCase:
        return self.scene.case_scene.fresh()

    def newest(self) -> ReviewRound:
        self.scene.review = ReviewRound.objects.filter(case=self.scene.case).latest("number")
        return self.scene.fresh()

    def attempt(self, act: Any) -> bool:
        try:
            with transaction.atomic():
                act()
        except REFUSALS:
            return False
        return True

    @rule(name=st.sampled_from([*REVIEWERS, "extra"]), answer=st.sampled_from(Conflict.values))
    def a_reviewer_is_asked_and_answers(self, name: str, answer: str) -> None:
        self.newest()
        self.attempt(lambda: assign(self.scene, name))
        self.attempt(lambda: declare(self.scene, name, answer, "Derfor."))

    @rule()
    def three_good_reviewers(self) -> None:
        self.newest()
        for name in REVIEWERS:
            self.attempt(lambda name=name: assign(self.scene, name))
            self.attempt(lambda name=name: declare(self.scene, name))

    @rule(blocks=st.booleans())
    def everybody_seals(self, blocks: bool) -> None:
        self.newest()
        key, value = BLOCKER
        for name in (*REVIEWERS, "extra"):
            own = {key: value} if blocks and name == "council" else {}
            self.attempt(lambda name=name, own=own: seal(self.scene, name, **own))

    @rule()
    def it_is_discussed(self) -> None:
        self.newest()
        self.attempt(lambda: discussed(self.scene))

    @rule(steps=st.integers(1, 9), blocks=st.booleans())
    def the_shortest_way_on(self, steps: int, blocks: bool) -> None:
        """Else the far states would hardly be reached."""
        self.three_good_reviewers()
        way = ("start_individual", "reveal", "sign_assessment", "put_on_agenda", "recommend",
               "send_to_body", "record_decision")  # fmt: skip
        for move in way[:steps]:
            if move == "reveal":
                self.everybody_seals(blocks)
            if move == "sign_assessment":
                self.it_is_discussed()
            self.a_round_moves(move, RIGHT[min(ROUND_MOVES[move][2])])

    @rule(move=st.sampled_from(sorted(ROUND_MOVES)), name=st.sampled_from(PEOPLE))
    def somebody_moves_the_round(self, move: str, name: str) -> None:
        self.a_round_moves(move, name)

    def a_round_moves(self, move: str, name: str) -> None:
        self.newest()
        done = self.attempt(lambda: self.scene.move(move, name, **WORDS.get(move, {})))
        if done:
            self.check_approval()

    @rule(move=st.sampled_from(sorted(CASE_MOVES)), name=st.sampled_from(PEOPLE))
    def somebody_moves_the_case(self, move: str, name: str) -> None:
        before = self.case
        by = self.scene.again(name)
        more = {"revisit_on": day(9)} if move == "park" else {}
        done = self.attempt(lambda: move_case(case=before, move=move, by=by, reason="x", **more))
        assert not (done and move in APPROVED), "an approval past the review"
        if done and move in STARTED:
            gate = move.removeprefix("start_")
            assert getattr(before, f"conditions_{gate}_met")
            assert getattr(before, f"obligations_{gate}_met")
            assert not before.material_change
            assert before.decision_expires is None or before.decision_expires >= day(0)
        self.status = self.case.status

    @rule(met=st.booleans(), expires=st.sampled_from([day(-1), day(9)]))
    def gates_are_met_or_not(self, met: bool, expires: Any) -> None:
        UseCase.objects.filter(pk=self.scene.case.pk).update(
            conditions_pilot_met=met,
            obligations_pilot_met=met,
            register_approved_at=self.case.created_at,
            decision_expires=expires,
        )

    @rule(text=st.sampled_from(["Et.", "To.", "Tre."]))
    def the_text_changes_materially(self, text: str) -> None:
        case = self.case
        by = self.scene.again("owner") if case.owner_id else self.scene.again("secretary")
        self.attempt(
            lambda: save_values(case=case, values={"purpose": text}, version=case.version, by=by)
        )

    def check_approval(self) -> None:
        """What just became approved went through a whole review."""
        now = self.case.status
        if now != self.status and now in APPROVED.values():
            review = self.newest()
            assert review.state == "r_closed"
            assert reviewing.open_blockers(review) == []
            people = ReviewAssignment.objects.filter(round=review, released_at__isnull=True)
            assert people.exists()
            assert not people.filter(conflict="").exists()
            assert reviewing.material_changes(review) == []
            assert self.case.risk_tier not in ("", "prohibited", "unresolved")
        self.status = now

    @invariant()
    def seals_hold(self) -> None:
        if not hasattr(self, "scene"):
            return
        assert ReviewRound.objects.filter(state__in=sorted(OPEN)).count() <= 1
        sealed = ReviewSheet.objects.filter(sealed_at__isnull=False)
        assert not sealed.filter(sha256="").exists()
        early = ReviewSheet.objects.filter(
            revealed_at__isnull=False, assignment__round__revealed_at__isnull=True, turn=1
        )
        assert not early.filter(assignment__round__state="r_individual").filter(
            assignment__round__turn=1
        )
        assert not FlagAnswer.objects.filter(cause_removed=True).exists()

    def teardown(self) -> None:
        if hasattr(self, "undo"):
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)


@pytest.mark.django_db
def test_no_approval_past_the_review() -> None:
    run_state_machine_as_test(
        Rounds,
        settings=settings(max_examples=12, stateful_step_count=12, deadline=None),
    )


@pytest.mark.django_db
def test_machine_can_reach_an_approval() -> None:
    """The control: the way the machine takes does lead to a yes."""
    machine = Rounds()
    machine.begin()
    machine.the_shortest_way_on(7, False)
    status = machine.case.status
    machine.teardown()

    assert status == "approved_for_pilot"
