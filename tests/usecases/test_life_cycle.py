"""The life cycle L1–L15: all its moves, by those whose they are, and none but them."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import translation

from core.models import AuditEntry
from core.verdicts import NotAllowed, Refused, StaleState
from tests.factories import day
from tests.usecases.scenes import WAYS, a_scene, act, bring_to, decide, fill, ready, submit
from usecases import policies
from usecases.enums import Actor, Decision, EthicsOutcome, Status
from usecases.models import StatusChange, UseCase
from usecases.selectors.missing import missing_for
from usecases.services import facts, texts
from usecases.services.moves import move_case, overdue_moves
from usecases.tasks import move_overdue_cases
from usecases.workflow import LIFE_CYCLE

pytestmark = pytest.mark.django_db
S = Status


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


# Written out by hand from the description of the life cycle: move → from → to, by whom.
TABLE = """
L1  submit             draft                                        submitted              proposer owner
L2  take_up            submitted                                    under_assessment       secretariat
L3  park               submitted,under_assessment                   parked                 secretariat
L4  unpark             parked                                       submitted              secretariat owner
L5  withdraw           draft,submitted,under_assessment,parked      withdrawn              proposer owner
L6  approve_pilot      under_assessment,pilot_ended                 approved_for_pilot     decider
L7  approve_operation  under_assessment,pilot_ended                 approved_for_operation decider
L8  reject             under_assessment,pilot_ended                 rejected               decider
L9  start_pilot        approved_for_pilot                           pilot                  owner
L10 end_pilot          pilot                                        pilot_ended            owner system
L11 start_operation    approved_for_operation                       operation              owner
L12 suspend            pilot,operation                              suspended              owner secretariat chair dpo security
L13 resume_pilot       suspended                                    pilot                  secretariat
L13 resume_operation   suspended                                    operation              secretariat
L14 retire             operation,suspended,pilot_ended,approved_for_pilot,approved_for_operation retired owner
L15 lapse              approved_for_pilot,approved_for_operation    under_assessment       system
"""  # noqa: E501
ROWS = [line.split() for line in TABLE.strip().splitlines()]
MOVES = {row[1]: (frozenset(row[2].split(",")), row[3], frozenset(row[4:])) for row in ROWS}


def test_workflow_is_the_table():
    found = {
        t.name: (t.sources, str(t.target), frozenset(policies.MOVERS[t.name]))
        for t in LIFE_CYCLE.transitions
    }

    assert found == MOVES
    assert set(policies.MOVERS) == set(MOVES)
    assert set(LIFE_CYCLE.states) == set(Status.values)
    assert {actor for _s, _t, by in MOVES.values() for actor in by} == set(Actor.values)


def test_diagram_is_up_to_date():
    call_command("workflow_diagrams", "--check")


PEOPLE = {
    "proposer": {"proposer"},
    "owner": {"owner"},
    "secretary": {"secretariat", "decider"},
    "chair": {"chair"},
    "member": set(),
    "reviewer": {"dpo", "security"},
    "follower": set(),
    "outsider": set(),
    "system": {"system"},
}
# What each move asks for beyond the state, given so that only role and state decide.
MORE = {
    "withdraw": {"reason": "Derfor."},
    "suspend": {"reason": "Derfor."},
    "park": {"reason": "Derfor.", "revisit_on": day(30)},
}


def let_through(scene, move):
    """Make every guard of the move say yes."""
    decided = {"approve_pilot", "approve_operation", "reject"}
    case = scene.fresh()
    more = {}
    if move in decided:
        more = {"decision": move, "decision_recorded_at": case.status_since + timedelta(seconds=1)}
    if move == "lapse":
        more = {"material_change": True}
    if move.startswith("resume"):
        more = {"previous_status": move.removeprefix("resume_")}
    UseCase.objects.filter(pk=case.pk).update(
        **{
            "risk_tier": "minimal",
            "decision_body": "Økonomiudvalget",
            "decision_on": day(-1),
            "decision_reasons": "Fordi.",
            "decision_in_mandate": True,
            "decision_revision": case.revision,
            "decision_expires": day(90),
            "material_change": False,
            "conditions_pilot_met": True,
            "conditions_operation_met": True,
            "obligations_pilot_met": True,
            "obligations_operation_met": True,
            "register_approved_at": case.created_at,
            "incident_closed": True,
            "similar_answer": "none",
            **more,
        }
    )


@pytest.mark.parametrize("status", Status.values)
def test_every_role_and_every_move_from(status):
    """Role × move, from each state: done, refused, or stale, exactly as the table says."""
    from django.db import transaction

    scene = a_scene()
    fill(scene, "submission", "review", "pilot", "operation", "retirement")
    bring_to(scene, status) if status != S.DRAFT else None
    wrong = []
    for move, (sources, target, movers) in MOVES.items():
        for name, is_what in PEOPLE.items():
            with transaction.atomic():
                let_through(scene, move)
                before = AuditEntry.objects.count()
                wanted = "refused"
                if is_what & movers:
                    wanted = target if status in sources else "stale"
                got = outcome(scene, move, name)
                rows = AuditEntry.objects.count() - before
                if got != wanted or rows != (1 if wanted == target else 0):
                    wrong.append((move, name, wanted, got, rows))
                transaction.set_rollback(True)

    assert wrong == []


def outcome(scene, move, name):
    from django.db import transaction

    try:
        with transaction.atomic():
            case = move_case(
                case=scene.fresh(), move=move, by=scene.again(name), **MORE.get(move, {})
            )
    except NotAllowed:
        return "refused"
    except StaleState:
        return "stale"
    return case.status


@pytest.mark.parametrize("status", sorted(WAYS))
def test_the_road_through_the_services(status):
    scene = a_scene()

    bring_to(scene, status)

    assert scene.fresh().status == status
    assert list(StatusChange.objects.values_list("new", flat=True))[-1] == status


def test_unknown_move_is_a_key_error():
    scene = a_scene()
    with pytest.raises(KeyError):
        move_case(case=scene.case, move="publish", by=scene.secretary)


# Guards ----------------------------------------------------------------------------------------


def refusal(scene, move, by, **more):
    with pytest.raises(NotAllowed) as caught:
        move_case(case=scene.fresh(), move=move, by=by, **more)
    return str(caught.value)


def test_submit_needs_the_fields_and_the_answer():
    scene = a_scene()
    assert "must be filled in" in refusal(scene, "submit", scene.proposer)
    fill(scene, "submission")
    assert "similar proposals" in refusal(scene, "submit", scene.proposer)
    texts.answer_similar(case=scene.fresh(), answer="none", by=scene.proposer)

    case = act(scene, "submit", scene.proposer)

    assert case.reference == f"AI-{case.submitted_at.year}-001"
    assert case.revisions.get().number == case.revision == 1


@pytest.mark.parametrize("move", ["withdraw", "park"])
def test_reason_is_asked_each_time(move):
    scene = a_scene()
    bring_to(scene, S.PARKED)  # has a reason, from parking
    act(scene, "unpark", scene.secretary)
    by = scene.proposer if move == "withdraw" else scene.secretary

    assert refusal(scene, move, by, revisit_on=day(3)) == "Write the reason."
    assert scene.fresh().status == S.SUBMITTED


def test_parking_needs_a_date_to_come():
    scene = a_scene()
    submit(scene)

    assert "Set a date" in refusal(scene, "park", scene.secretary, reason="x")
    with pytest.raises(Refused):
        move_case(
            case=scene.fresh(), move="park", by=scene.secretary, reason="x", revisit_on=day(0)
        )


@pytest.mark.parametrize("tier", ["", "unresolved", "prohibited"])
def test_no_yes_to_what_is_not_settled_or_prohibited(tier):
    scene = a_scene()
    bring_to(scene, S.UNDER_ASSESSMENT)
    UseCase.objects.update(risk_tier=tier)

    assert refusal(scene, "approve_pilot", scene.secretary)


def test_rejecting_needs_no_classification_but_reasons():
    scene = a_scene()
    bring_to(scene, S.UNDER_ASSESSMENT)
    with pytest.raises(Refused) as caught:
        decide(scene, Decision.REJECT, reasons=" ")

    assert caught.value.field == "reasons"
    assert decide(scene, Decision.REJECT).status == S.REJECTED


def test_decision_is_used_once():
    scene = a_scene()
    bring_to(scene, S.PILOT_ENDED)

    assert "has been used" in refusal(scene, "approve_pilot", scene.secretary)
    assert decide(scene, Decision.OPERATION).status == S.APPROVED_FOR_OPERATION


def test_decision_is_about_the_text_it_was_made_on():
    scene = a_scene()
    bring_to(scene, S.UNDER_ASSESSMENT)
    facts.record_classification(
        case=scene.fresh(), tier="minimal", ruleset="x@1", by=scene.secretary
    )
    record = facts.DecisionRecord(decision="approve_pilot", body="ØU", on=day(-1), reasons="x")
    facts.record_decision(case=scene.fresh(), record=record, by=scene.secretary)
    case = scene.fresh()
    texts.save_values(
        case=case, values={"purpose": "Noget andet"}, version=case.version, by=scene.proposer
    )

    assert "earlier text" in refusal(scene, "approve_pilot", scene.secretary)


def test_deviation_from_the_recommendation_is_reasoned():
    scene = a_scene()
    bring_to(scene, S.UNDER_ASSESSMENT)
    facts.record_ethics_outcome(
        case=scene.fresh(), outcome=EthicsOutcome.NOT_RECOMMEND, on=day(-2), by=scene.secretary
    )
    with pytest.raises(NotAllowed, match="against the recommendation"):
        decide(scene, Decision.PILOT)

    assert decide(scene, Decision.PILOT, deviation="Byrådet vil.").status == S.APPROVED_FOR_PILOT


def test_body_whose_mandate_is_over_does_not_decide():
    scene = a_scene()
    bring_to(scene, S.UNDER_ASSESSMENT)
    scene.committee.mandate_to = day(-10)
    scene.committee.save()

    with pytest.raises(NotAllowed, match="mandate"):
        decide(scene, Decision.PILOT, committee=scene.committee)


@pytest.mark.parametrize("fact", ["conditions_pilot_met", "obligations_pilot_met",
                                  "register_approved_at"])  # fmt: skip
def test_pilot_waits_for(fact):
    scene = a_scene()
    bring_to(scene, S.APPROVED_FOR_PILOT)
    ready(scene, "pilot")
    UseCase.objects.update(**{fact: None if fact.endswith("_at") else False})

    assert refusal(scene, "start_pilot", scene.owner)
    assert missing_for(scene.fresh(), "start_pilot")


def test_guard_that_fell_away_since_the_page_was_opened():
    scene = a_scene()
    bring_to(scene, S.APPROVED_FOR_PILOT)
    ready(scene, "pilot")
    opened = scene.fresh()
    facts.set_conditions_met(case=scene.fresh(), gate="pilot", met=False, by=scene.secretary)

    with pytest.raises(NotAllowed, match="conditions"):
        move_case(case=opened, move="start_pilot", by=scene.owner)


def test_owner_verifies_nothing_of_their_own():
    scene = a_scene()
    bring_to(scene, S.APPROVED_FOR_PILOT)
    UseCase.objects.update(owner=scene.secretary)
    verify = {"case": scene.fresh(), "gate": "pilot", "met": True, "by": scene.secretary}

    with pytest.raises(NotAllowed):
        facts.set_conditions_met(**verify)
    with pytest.raises(NotAllowed):
        facts.approve_register_entry(case=scene.fresh(), by=scene.secretary)


@pytest.mark.parametrize("status", [S.PILOT, S.OPERATION])
def test_resuming_goes_back_to_where_it_was(status):
    scene = a_scene()
    bring_to(scene, status)
    act(scene, "suspend", scene.reviewer, reason="En fejl.")
    move = "resume_pilot" if status == S.PILOT else "resume_operation"
    other = "resume_operation" if status == S.PILOT else "resume_pilot"
    assert "verified" in refusal(scene, move, scene.secretary)
    facts.close_incident(case=scene.fresh(), by=scene.secretary)

    assert "It was not in" in refusal(scene, other, scene.secretary)
    assert act(scene, move, scene.secretary).status == status


# What happens by itself ------------------------------------------------------------------------


def test_pilot_ends_and_decision_lapses_by_date():
    ended, lapsed, changed, running = (a_scene() for _ in range(4))
    bring_to(ended, S.PILOT)
    bring_to(lapsed, S.APPROVED_FOR_PILOT)
    bring_to(changed, S.APPROVED_FOR_OPERATION)
    bring_to(running, S.PILOT)
    UseCase.objects.filter(pk=ended.case.pk).update(pilot_start=day(-9), pilot_end=day(-1))
    UseCase.objects.filter(pk=lapsed.case.pk).update(decision_expires=day(-1))
    facts.report_material_change(case=changed.fresh(), by=changed.owner)

    assert move_overdue_cases() == 3
    assert move_overdue_cases() == 0
    assert [s.fresh().status for s in (ended, lapsed, changed, running)] == [
        S.PILOT_ENDED, S.UNDER_ASSESSMENT, S.UNDER_ASSESSMENT, S.PILOT,
    ]  # fmt: skip
    assert overdue_moves() == []
    assert StatusChange.objects.get(move="lapse", case=lapsed.case).by is None


def test_material_change_of_the_text_undoes_the_decision():
    scene = a_scene()
    bring_to(scene, S.APPROVED_FOR_PILOT)
    case = scene.fresh()
    case = texts.save_values(
        case=case, values={"frequency": "Dagligt"}, version=case.version, by=scene.owner
    )
    assert not case.material_change

    case = texts.save_values(
        case=case, values={"supplier": "En anden"}, version=case.version, by=scene.owner
    )

    assert case.material_change
    assert move_overdue_cases() == 1


def test_second_click_changes_nothing():
    scene = a_scene()
    submit(scene)
    first, second = scene.fresh(), scene.fresh()
    move_case(case=first, move="take_up", by=scene.secretary)
    acts = AuditEntry.objects.count()

    with pytest.raises(StaleState):
        move_case(case=second, move="take_up", by=scene.secretary)

    assert AuditEntry.objects.count() == acts


def test_numbers_follow_each_other_within_the_year():
    numbers = []
    for _ in range(3):
        scene = a_scene()
        submit(scene)
        numbers.append(scene.fresh().reference[-3:])

    assert numbers == ["001", "002", "003"]


def test_who_suspends_is_told_that_everybody_reads_why():
    from django.utils import translation

    from usecases.forms.moves import MoveForm

    with translation.override("en"):
        helps = [str(MoveForm(move)["reason"].help_text) for move in ("suspend", "park")]

    assert helps == [
        "Everybody can read it on the public page of the proposal.",
        "Those who follow the proposal read it.",
    ]
