"""The life cycle as a state machine: whatever anybody does in whatever order, only the table."""

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

from core.models import AuditEntry
from core.verdicts import NotAllowed, StaleState
from tests.factories import day
from tests.usecases.scenes import ALL_STAGES, a_scene, fill
from tests.usecases.test_life_cycle import MOVES, PEOPLE
from usecases.enums import Status
from usecases.models import StatusChange, UseCase
from usecases.services.moves import move_case
from usecases.workflow import LIFE_CYCLE

FACTS = {
    "risk_tier": ["", "minimal", "prohibited", "unresolved"],
    "similar_answer": ["", "none"],
    "conditions_pilot_met": [True, False],
    "conditions_operation_met": [True, False],
    "obligations_pilot_met": [True, False],
    "obligations_operation_met": [True, False],
    "material_change": [True, False],
    "incident_closed": [True, False],
    "decision_in_mandate": [True, False],
    "decision_expires": [None, day(-1), day(9)],
    "pilot_end": [None, day(9)],
}


class LifeCycle(RuleBasedStateMachine):
    """Everybody tries everything; facts that the guards read come and go."""

    @initialize()
    def begin(self) -> None:
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.scene = a_scene()
        fill(self.scene, *ALL_STAGES)
        self.acts = AuditEntry.objects.count()
        self.changes = 0

    def set(self, **facts: Any) -> None:
        UseCase.objects.filter(pk=self.scene.case.pk).update(**facts)

    @rule(fact=st.sampled_from(sorted(FACTS)), data=st.data())
    def a_fact_changes(self, fact: str, data: Any) -> None:
        self.set(**{fact: data.draw(st.sampled_from(FACTS[fact]))})

    @rule()
    def all_is_well(self) -> None:
        """Else the far states would hardly be reached."""
        case = self.scene.fresh()
        self.set(
            risk_tier="minimal",
            similar_answer="none",
            conditions_pilot_met=True,
            conditions_operation_met=True,
            obligations_pilot_met=True,
            obligations_operation_met=True,
            material_change=False,
            incident_closed=True,
            decision_expires=None,
            pilot_end=day(9),
            register_approved_at=case.created_at,
        )

    @rule(decision=st.sampled_from(["approve_pilot", "approve_operation", "reject"]))
    def the_body_decides(self, decision: str) -> None:
        case = self.scene.fresh()
        self.set(
            decision=decision,
            decision_body="Økonomiudvalget",
            decision_on=day(-1),
            decision_reasons="Fordi.",
            decision_in_mandate=True,
            decision_revision=case.revision,
            decision_recorded_at=case.status_since,
        )

    @rule(
        move=st.sampled_from(sorted(MOVES)),
        name=st.sampled_from(sorted(PEOPLE)),
        reason=st.sampled_from(["", "Derfor."]),
        revisit=st.sampled_from([None, day(7)]),
    )
    def somebody_tries(self, move: str, name: str, reason: str, revisit: Any) -> None:
        self._try(move, name, reason, revisit)

    @rule(move=st.sampled_from(sorted(MOVES)), data=st.data())
    def the_right_one_tries(self, move: str, data: Any) -> None:
        right = sorted(name for name, roles in PEOPLE.items() if roles & MOVES[move][2])
        self._try(move, data.draw(st.sampled_from(right)), "Derfor.", day(7))

    def _try(self, move: str, name: str, reason: str, revisit: Any) -> None:
        before = self.scene.fresh()
        sources, target, movers = MOVES[move]
        before.status_reason = reason
        before.revisit_on = revisit if move == "park" else before.revisit_on
        allowed = bool(PEOPLE[name] & movers)
        guarded = all(guard(before) for guard in LIFE_CYCLE.get(move).guards)
        wanted = allowed and before.status in sources and guarded
        try:
            with transaction.atomic():
                after = move_case(
                    case=self.scene.fresh(),
                    move=move,
                    by=self.scene.again(name),
                    reason=reason,
                    revisit_on=revisit,
                )
        except (NotAllowed, StaleState):
            assert not wanted, (move, name, before.status)
            assert self.scene.fresh().status == before.status
            return
        assert wanted, (move, name, before.status)
        assert after.status == self.scene.fresh().status == target
        self.acts, self.changes = self.acts + 1, self.changes + 1

    @invariant()
    def each_move_is_one_act(self) -> None:
        if not hasattr(self, "scene"):
            return
        assert AuditEntry.objects.count() == self.acts
        assert StatusChange.objects.filter(case=self.scene.case).count() == self.changes
        assert self.scene.fresh().status in Status.values

    def teardown(self) -> None:
        if hasattr(self, "undo"):
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)


@pytest.mark.django_db
def test_only_the_moves_of_the_table_happen() -> None:
    run_state_machine_as_test(
        LifeCycle, settings=settings(max_examples=100, stateful_step_count=14)
    )
