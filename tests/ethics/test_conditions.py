"""Conditions: the table, the gates they keep, who may do what, and the database's own rules."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from core.models import AuditEntry, StoredFile
from core.verdicts import NotAllowed, Refused, StaleState
from ethics.enums.conditions import ConditionState as C
from ethics.models import Condition, ConditionEvidence
from ethics.services import conditions
from ethics.verbs import WORDS
from ethics.workflow_conditions import CONDITION
from tests.ethics.scenes import TEXT, a_condition, again, hand_in, move, verify
from tests.factories import day, person
from tests.usecases.scenes import a_scene, act, bring_to, decide, ready
from tests.world import text_pdf
from usecases.models import UseCase
from usecases.services import facts

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def met(scene: Any, gate: str = "pilot") -> bool:
    return bool(getattr(scene.fresh(), f"conditions_{gate}_met"))


# Before and after the decision -------------------------------------------------------------------


def test_condition_is_proposed_before_the_decision_and_binds_after_it() -> None:
    scene = a_scene()
    bring_to(scene, "under_assessment")
    row = a_condition(scene)

    before = row.state
    decide(scene, "approve_pilot")

    assert (before, again(row).state) == (C.PROPOSED, C.IN_FORCE)
    assert not met(scene)
    assert not scene.case.conditions_pilot_met


def test_condition_that_is_added_later_binds_at_once_and_shuts_the_gate() -> None:
    scene = a_scene()
    bring_to(scene, "approved_for_pilot")
    before = met(scene)

    row = a_condition(scene)

    assert (before, met(scene), row.state) == (True, False, C.IN_FORCE)


def test_pilot_begins_when_the_last_condition_is_verified() -> None:
    scene = a_scene()
    bring_to(scene, "approved_for_pilot")
    ready(scene, "pilot")
    rows = [a_condition(scene), a_condition(scene, text="DPIA er lavet.")]
    with pytest.raises(NotAllowed):
        act(scene, "start_pilot", scene.owner)

    verify(hand_in(rows[0]), scene.secretary)
    half = met(scene)
    verify(hand_in(rows[1]), scene.second)

    assert (half, met(scene)) == (False, True)
    assert act(scene, "start_pilot", scene.owner).status == "pilot"


def test_decision_without_conditions_is_met_when_it_is_recorded() -> None:
    scene = a_scene()

    bring_to(scene, "approved_for_pilot")

    assert met(scene)


def test_decision_that_names_conditions_is_not_met_by_those_of_an_earlier_one() -> None:
    scene = a_scene()
    bring_to(scene, "approved_for_pilot")
    first = verify(hand_in(a_condition(scene)), scene.secretary)
    UseCase.objects.filter(pk=scene.case.pk).update(decision_expires=day(-1))
    act(scene, "lapse", None)
    decide(scene, "approve_pilot", conditions="Der skal logges i et år.")
    shut = met(scene)

    second = a_condition(scene, text="Der logges i et år.")
    verify(hand_in(second), scene.secretary)

    assert (shut, met(scene)) == (False, True)
    assert again(first).state == C.VERIFIED


def test_condition_before_the_pilot_also_counts_before_operation() -> None:
    scene = a_scene()
    bring_to(scene, "under_assessment")
    row = a_condition(scene, gate="pilot")

    decide(scene, "approve_operation")
    shut = met(scene, "operation")
    verify(hand_in(row), scene.secretary)

    assert (shut, met(scene, "operation")) == (False, True)


def test_condition_before_operation_does_not_stop_the_pilot() -> None:
    scene = a_scene()
    bring_to(scene, "approved_for_pilot")

    a_condition(scene, gate="operation")

    assert met(scene, "pilot")
    assert not met(scene, "operation")


def test_gate_shuts_again_when_evidence_is_taken_back() -> None:
    scene = a_scene()
    bring_to(scene, "approved_for_pilot")
    row = verify(hand_in(a_condition(scene)), scene.secretary)
    opened = met(scene)

    row = move(row, "withdraw", scene.owner, reason="Logningen er slået fra igen.")

    assert (opened, met(scene)) == (True, False)
    assert (row.state, row.verified_by, row.reason) == (
        C.IN_FORCE, None, "Logningen er slået fra igen."
    )  # fmt: skip


# By hand -----------------------------------------------------------------------------------------


def test_fact_is_recorded_by_hand_only_while_there_are_no_conditions() -> None:
    scene = a_scene()
    bring_to(scene, "approved_for_pilot")
    said = {"gate": "pilot", "met": False, "by": scene.secretary}
    facts.set_conditions_met(case=scene.fresh(), **said)
    a_condition(scene)

    with pytest.raises(NotAllowed, match=r"followed on its own|ét for ét"):
        facts.set_conditions_met(case=scene.fresh(), **(said | {"met": True}))

    assert not met(scene)


def test_proposed_condition_does_not_touch_what_was_said_by_hand() -> None:
    scene = a_scene()
    bring_to(scene, "under_assessment")
    facts.set_conditions_met(case=scene.fresh(), gate="pilot", met=True, by=scene.secretary)

    a_condition(scene)

    assert met(scene)


# Verified by another -----------------------------------------------------------------------------


def test_owner_does_not_verify_their_own_condition() -> None:
    scene = a_scene()
    bring_to(scene, "approved_for_pilot")
    row = hand_in(a_condition(scene, owner=scene.secretary))

    with pytest.raises(NotAllowed):
        verify(row, scene.secretary)

    assert again(row).state == C.HANDED_IN
    assert verify(row, scene.second).verified_by == scene.second


def test_owner_of_the_use_does_not_verify_a_condition_that_is_somebody_elses() -> None:
    scene = a_scene()
    bring_to(scene, "approved_for_pilot")
    UseCase.objects.filter(pk=scene.case.pk).update(owner=scene.secretary)
    row = hand_in(a_condition(scene, owner=scene.member))

    with pytest.raises(NotAllowed):
        verify(row, scene.secretary)


@pytest.mark.parametrize("who", ["owner", "handed_in_by"])
def test_database_refuses_a_verification_by_the_owner(who: str) -> None:
    scene = a_scene()
    bring_to(scene, "approved_for_pilot")
    row = hand_in(a_condition(scene))
    other = person(scene.committee, "member")
    changes = {"state": C.VERIFIED, "verified_by": other, "verified_at": row.handed_in_at}

    with pytest.raises(IntegrityError), transaction.atomic():
        Condition.objects.filter(pk=row.pk).update(**{**changes, who: other})

    Condition.objects.filter(pk=row.pk).update(**changes)
    assert again(row).state == C.VERIFIED


@pytest.mark.parametrize("who", ["owner", "member", "chair", "proposer", "outsider"])
def test_only_the_secretariat_adds_conditions(who: str) -> None:
    scene = a_scene()
    bring_to(scene, "approved_for_pilot")

    with pytest.raises(NotAllowed):
        a_condition(scene, by=scene.again(who))

    assert not Condition.objects.exists()


@pytest.mark.parametrize("who", ["secretary", "member", "proposer"])
def test_only_the_owner_hands_in_evidence(who: str) -> None:
    scene = a_scene()
    bring_to(scene, "approved_for_pilot")
    row = a_condition(scene)

    with pytest.raises(NotAllowed):
        hand_in(row, by=scene.again(who))

    assert not ConditionEvidence.objects.exists()


# Evidence ----------------------------------------------------------------------------------------


def test_evidence_may_be_words_a_link_and_a_file() -> None:
    scene = a_scene()
    bring_to(scene, "approved_for_pilot")

    row = hand_in(
        a_condition(scene), link="https://intra.example.dk/log", data=text_pdf("Log"),
        filename="log.pdf",
    )  # fmt: skip

    found = row.evidence.get()
    assert (found.number, found.link) == (1, "https://intra.example.dk/log")
    assert found.file == StoredFile.objects.get(filename="log.pdf")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"text": " "}, "text"),
        ({"text": "x" * 2001}, "text"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"data": b"MZ", "filename": "log.exe"}, "file"),
        ({"data": b"ikke en pdf", "filename": "log.pdf"}, "file"),
    ],
)
def test_evidence_that_is_nothing_or_cannot_come_in_is_refused(
    given: dict[str, Any], field: str
) -> None:
    scene = a_scene()
    bring_to(scene, "approved_for_pilot")
    row = a_condition(scene)

    with pytest.raises(Refused) as refusal:
        hand_in(row, **given)

    assert refusal.value.field == field
    assert again(row).state == C.IN_FORCE
    assert not ConditionEvidence.objects.exists()


def test_turned_down_evidence_goes_back_with_its_reason_and_stays_in_the_history() -> None:
    scene = a_scene()
    bring_to(scene, "approved_for_pilot")
    row = hand_in(a_condition(scene))

    conditions.reject_evidence(
        condition=row, evidence=1, reason="Loggen er tom.", by=scene.secretary
    )
    row = again(row)
    first = (row.state, row.reason)
    row = hand_in(row, text="Nu er der linjer i den.")

    assert first == (C.REJECTED, "Loggen er tom.")
    assert (row.state, row.evidence.count()) == (C.HANDED_IN, 2)
    kinds = list(row.events.values_list("kind", flat=True))
    assert kinds == ["added", "hand_in", "reject", "hand_in"]


def test_verdict_is_about_the_evidence_that_was_seen() -> None:
    scene = a_scene()
    bring_to(scene, "approved_for_pilot")
    row = hand_in(a_condition(scene))
    move(row, "withdraw", scene.owner, reason="Forkert fil.")
    hand_in(row, text="Den rigtige.")

    with pytest.raises(StaleState):
        conditions.verify_condition(condition=again(row), evidence=1, by=scene.secretary)

    assert not met(scene)


# Waived, opened again, not used, changed ---------------------------------------------------------


def test_waiver_needs_its_decision_and_opens_the_gate() -> None:
    scene = a_scene()
    bring_to(scene, "approved_for_pilot")
    row = a_condition(scene)
    decision = {"reason": "Systemet logger ikke.", "body": "Økonomiudvalget", "on": day(-1)}
    for lacks in decision:
        with pytest.raises(Refused):
            move(row, "waive", scene.secretary, **{k: v for k, v in decision.items() if k != lacks})

    row = move(row, "waive", scene.secretary, **decision)
    opened = met(scene)
    move(row, "reopen", scene.second, reason="Beslutningen er trukket tilbage.")

    assert (row.state, opened, met(scene)) == (C.WAIVED, True, False)


def test_proposed_condition_can_be_left_out() -> None:
    scene = a_scene()
    bring_to(scene, "under_assessment")
    row = move(a_condition(scene), "drop", scene.secretary, reason="Dækket af nr. 2.")

    decide(scene, "approve_pilot")

    assert (again(row).state, met(scene)) == (C.DROPPED, True)


def test_move_that_is_not_possible_changes_nothing() -> None:
    scene = a_scene()
    bring_to(scene, "approved_for_pilot")
    row = a_condition(scene)
    for name in ("put_in_force", "withdraw", "reopen", "drop"):
        with pytest.raises(StaleState):
            move(row, name, scene.secretary, reason="Fordi.")

    assert again(row).version == row.version


def test_change_keeps_what_it_said_before() -> None:
    scene = a_scene()
    bring_to(scene, "approved_for_pilot")
    row = a_condition(scene)

    changed = conditions.change_condition(
        condition=row, version=row.version, text="Logning i et år.", gate="pilot",
        owner=scene.member, due_on=day(50), by=scene.secretary,
    )  # fmt: skip

    line = changed.events.get(kind="changed")
    assert line.text.splitlines()[0] == TEXT
    assert "Systemejer" in line.text
    assert (changed.owner, changed.version) == (scene.member, row.version + 1)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"text": "  "}, "text"),
        ({"gate": "x"}, "gate"),
        ({"due_on": day(-1)}, "due_on"),
        ({"source": "x"}, "source"),
    ],
)
def test_condition_that_lacks_something_is_refused(given: dict[str, Any], field: str) -> None:
    scene = a_scene()
    bring_to(scene, "approved_for_pilot")

    with pytest.raises(Refused) as refusal:
        a_condition(scene, **given)

    assert refusal.value.field == field


def test_owner_must_be_one_who_reads_the_case() -> None:
    scene = a_scene()
    bring_to(scene, "approved_for_pilot")

    with pytest.raises(Refused) as refusal:
        a_condition(scene, owner=scene.outsider)

    assert refusal.value.field == "owner"


def test_change_of_an_older_version_is_stale_and_verified_ones_are_not_changed() -> None:
    scene = a_scene()
    bring_to(scene, "approved_for_pilot")
    row = a_condition(scene)
    words = {
        "text": "Andet.", "gate": "pilot", "owner": scene.owner, "due_on": day(9),
        "by": scene.secretary,
    }  # fmt: skip

    with pytest.raises(StaleState):
        conditions.change_condition(condition=row, version=row.version + 1, **words)
    row = verify(hand_in(row), scene.secretary)
    with pytest.raises(NotAllowed):
        conditions.change_condition(condition=row, version=row.version, **words)

    assert again(row).text == TEXT


# From another case -------------------------------------------------------------------------------


def test_condition_is_taken_over_with_its_origin() -> None:
    first, second = a_scene(), a_scene()
    bring_to(first, "approved_for_pilot")
    bring_to(second, "approved_for_pilot")
    origin = a_condition(first)

    found = conditions.take_over(case=second.fresh(), source=origin, by=second.secretary)

    assert (found.text, found.gate, found.owner) == (TEXT, "pilot", second.owner)
    assert (found.reused_from, found.source, found.due_on) == (origin, "case", day(40))
    with pytest.raises(Refused):
        conditions.take_over(case=second.fresh(), source=origin, by=second.secretary)


def test_condition_that_one_may_not_read_is_not_taken_over() -> None:
    first, second = a_scene(is_public=False), a_scene()
    bring_to(first, "approved_for_pilot")
    bring_to(second, "approved_for_pilot")

    with pytest.raises(Refused):
        conditions.take_over(case=second.fresh(), source=a_condition(first), by=second.secretary)


# Who reads ---------------------------------------------------------------------------------------


def readers(scene: Any, row: Condition) -> set[str]:
    names = ("owner", "proposer", "secretary", "chair", "member", "follower", "outsider")
    visible = Condition.objects.filter(pk=row.pk)
    return {name for name in names if visible.visible_to(scene.again(name)).exists()}


def test_condition_is_read_by_those_who_read_the_whole_case() -> None:
    scene = a_scene()
    bring_to(scene, "approved_for_pilot")
    row = a_condition(scene)

    assert readers(scene, row) == {"owner", "proposer", "secretary", "chair", "member", "follower"}
    assert Condition.objects.published().get() == row


def test_condition_of_a_closed_decision_is_for_those_who_read_closed_items_and_owners() -> None:
    scene = a_scene()
    bring_to(scene, "under_assessment")
    decide(scene, "approve_pilot", access="closed", ground="§ 10")
    row = a_condition(scene, owner=scene.follower)

    assert readers(scene, row) == {"owner", "secretary", "chair", "member", "follower"}
    other = a_condition(scene, text="En anden.")
    assert readers(scene, other) == {"owner", "secretary", "chair", "member"}
    assert not Condition.objects.published().exists()


def test_what_is_not_decided_or_no_longer_binds_is_not_published() -> None:
    scene = a_scene()
    bring_to(scene, "under_assessment")
    a_condition(scene)
    proposed = Condition.objects.published().count()
    decide(scene, "approve_pilot")
    binding = Condition.objects.published().count()
    row = Condition.objects.get()
    move(row, "waive", scene.secretary, reason="Nej.", body="Økonomiudvalget", on=day(0))

    assert (proposed, binding, Condition.objects.published().count()) == (0, 1, 0)


# The protocol and the tables ---------------------------------------------------------------------


def test_every_act_has_its_row_in_the_protocol_and_its_words() -> None:
    scene = a_scene()
    bring_to(scene, "approved_for_pilot")
    row = hand_in(a_condition(scene))
    verify(row, scene.secretary)

    verbs = AuditEntry.objects.filter(verb__startswith="ethics.condition_").order_by("seq")

    assert [one.verb for one in verbs] == [
        "ethics.condition_add", "ethics.condition_hand_in", "ethics.condition_verify",
    ]  # fmt: skip
    known = {f"ethics.condition_{one.name}" for one in CONDITION.transitions}
    assert known | {f"ethics.condition_{name}" for name in ("add", "change", "overdue")} <= set(
        WORDS
    )
    assert all(TEXT not in str(one.data) for one in verbs)
