"""Review rounds R1–R15: all moves, by those whose they are, and each guard alone."""

import pytest
from django.core.management import call_command
from django.utils import translation

from committee.enums import Role
from core.models import AuditEntry
from core.verdicts import NotAllowed, Refused, StaleState
from ethics import reviewing
from ethics.enums.rounds import Conflict, Mover, RoundKind, RoundState
from ethics.models import CaseAnswers, ReviewAssignment, ReviewMove, ReviewRound, ReviewSheet
from ethics.policies import rounds as policies
from ethics.services import reviewers, rounds, sheets
from ethics.workflow import ROUNDS
from tests.ethics.scenes_rounds import (
    REVIEWERS,
    WAYS,
    WORDS,
    a_round,
    assign,
    bring_to,
    declare,
    discussed,
    good_answers,
    handed_out,
    seal,
)
from tests.factories import day, days, person
from tests.usecases import scenes as cases
from usecases.enums import EthicsOutcome, Status
from usecases.models import UseCase
from usecases.services import texts
from usecases.services.moves import move_case

pytestmark = pytest.mark.django_db
R = RoundState


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


# Written out by hand from the description of the rounds: move → from → to, by whom.
TABLE = """
R1  ask_for_information r_screening,r_discussion,r_agenda            r_needs_info   secretariat chair
R2  answer              r_needs_info                                  r_screening    proposer owner
R3  start_individual    r_screening                                   r_individual   secretariat
R4  fast_track          r_screening                                   r_assessed     secretariat
R5  call_up             r_assessed                                    r_individual   member
R6  reveal              r_individual                                  r_discussion   system secretariat
R7  sign_assessment     r_discussion                                  r_assessed     secretariat chair
R8  put_on_agenda       r_assessed                                    r_agenda       secretariat
R9  recommend           r_agenda                                      r_recommended  chair
R10 defer               r_agenda                                      r_deferred     chair
R11 take_up_again       r_deferred                                    r_agenda       secretariat
R12 send_to_body        r_recommended                                 r_decision     secretariat
R13 record_decision     r_decision                                    r_closed       decider
R14 cancel              r_screening,r_needs_info,r_individual,r_discussion,r_assessed,r_agenda,r_deferred,r_recommended,r_decision r_cancelled secretariat system
R15 restart_on_change   r_individual,r_discussion,r_assessed,r_agenda r_screening    secretariat system
"""  # noqa: E501
ROWS = [line.split() for line in TABLE.strip().splitlines()]
MOVES = {row[1]: (frozenset(row[2].split(",")), row[3], frozenset(row[4:])) for row in ROWS}
PEOPLE = {
    "proposer": {"proposer"},
    "owner": {"owner"},
    "secretary": {"secretariat", "decider"},
    "chair": {"chair", "member"},
    "member": {"member"},
    "council": {"member"},
    "reviewer": set(),
    "dpo": set(),
    "follower": set(),
    "outsider": set(),
    "system": {"system"},
}


def test_workflow_is_the_table():
    found = {
        t.name: (t.sources, str(t.target), frozenset(policies.MOVERS[t.name]))
        for t in ROUNDS.transitions
    }

    assert found == MOVES
    assert set(policies.MOVERS) == set(MOVES)
    assert set(ROUNDS.states) == set(RoundState.values)
    assert {actor for _s, _t, by in MOVES.values() for actor in by} == set(Mover.values)
    assert set(WAYS) == set(RoundState)


def test_diagram_is_up_to_date():
    call_command("workflow_diagrams", "--check")


@pytest.mark.parametrize("state", sorted(RoundState.values))
def test_moves_are_those_of_the_table_for_everybody(state):
    scene = bring_to(a_round(), state)
    found = {name: set(policies.moves_for(scene.again(name), scene.fresh())) for name in PEOPLE}

    wanted = {
        name: {m for m, (sources, _to, by) in MOVES.items() if state in sources and by & roles}
        for name, roles in PEOPLE.items()
    }
    assert found == wanted


@pytest.mark.parametrize("state", sorted(RoundState.values))
def test_each_state_is_reached_with_one_act_per_move(state):
    scene = bring_to(a_round(), state)
    review = scene.fresh()

    moves = list(ReviewMove.objects.filter(round=review).values_list("new", flat=True))
    acts = AuditEntry.objects.filter(verb__startswith="ethics.round_").count()
    assert review.state == state
    assert len(moves) == acts
    assert not moves or moves[-1] == state


# Opening --------------------------------------------------------------------------------------


def test_submitting_opens_the_first_review():
    review = a_round().fresh()

    assert (review.kind, review.state, review.number) == (RoundKind.INITIAL, R.SCREENING, 1)
    assert review.opened_by is None


def test_only_one_review_is_open_at_a_time():
    scene = a_round()

    with pytest.raises(StaleState):
        rounds.open_round(case=scene.case_scene.fresh(), kind="law_change", by=scene.secretary)
    assert ReviewRound.objects.count() == 1


@pytest.mark.parametrize("kind", RoundKind.values)
def test_each_kind_fits_some_state_of_the_case(kind):
    assert rounds.KIND_AT[kind]


def test_kind_must_fit_where_the_case_is():
    scene = bring_to(a_round(), R.CANCELLED)

    with pytest.raises(Refused):
        rounds.open_round(case=scene.case_scene.fresh(), kind="periodic", by=scene.secretary)
    with pytest.raises(Refused):
        rounds.open_round(case=scene.case_scene.fresh(), kind="no such", by=scene.secretary)


def test_taking_the_case_back_cancels_the_review():
    scene = a_round()
    cases.act(scene.case_scene, "withdraw", scene.proposer, reason="Fortrudt.")

    assert scene.fresh().state == R.CANCELLED


def test_turning_the_case_down_directly_cancels_the_review():
    scene = a_round()
    cases.decide(scene.case_scene, "reject")

    assert scene.fresh().state == R.CANCELLED


def operating(scene):
    """The case in operation, with a closed first review."""
    bring_to(scene, R.DECISION)
    scene.move("record_decision", decision="approve_operation")
    cases.ready(scene.case_scene, "operation")
    cases.act(scene.case_scene, "start_operation", scene.owner)
    return scene


def test_case_in_operation_is_in_a_review_without_leaving_it():
    scene = operating(a_round())
    case = scene.case_scene.fresh()
    review = rounds.open_round(case=case, kind=RoundKind.PERIODIC, by=scene.secretary)

    assert review.number == 2
    assert scene.case_scene.fresh().status == Status.OPERATION


def test_use_in_operation_is_upheld_until_the_next_review():
    scene = operating(a_round())
    case = scene.case_scene.fresh()
    scene.review = rounds.open_round(case=case, kind=RoundKind.PERIODIC, by=scene.secretary)
    bring_to(scene, R.DECISION)
    scene.move("record_decision", decision="uphold", review_again=day(200))

    case = scene.case_scene.fresh()
    assert (case.status, case.rereview_on, case.material_change) == (
        Status.OPERATION, day(200), False,
    )  # fmt: skip


def test_use_in_operation_is_suspended_by_the_decision():
    scene = operating(a_round())
    case = scene.case_scene.fresh()
    scene.review = rounds.open_round(case=case, kind=RoundKind.INCIDENT, by=scene.secretary)
    bring_to(scene, R.AGENDA)
    scene.move("recommend", "chair", outcome="not_recommend")
    scene.move("send_to_body")
    scene.move("record_decision", decision="suspend")

    assert scene.case_scene.fresh().status == Status.SUSPENDED


def test_new_law_opens_one_review():
    scene = operating(a_round())
    case = scene.case_scene.fresh()

    assert rounds.review_because(case, RoundKind.LAW_CHANGE).kind == RoundKind.LAW_CHANGE
    assert rounds.review_because(case, RoundKind.INCIDENT) is None


def test_end_of_the_pilot_opens_its_evaluation():
    scene = bring_to(a_round(), R.CLOSED)
    cases.ready(scene.case_scene, "pilot")
    cases.act(scene.case_scene, "start_pilot", scene.owner)
    cases.act(scene.case_scene, "end_pilot", scene.owner)

    last = ReviewRound.objects.filter(case=scene.case).order_by("-number").first()
    assert (last.kind, last.number, last.state) == (RoundKind.PILOT_EVALUATION, 2, R.SCREENING)


def test_lapsed_decision_opens_a_review():
    scene = bring_to(a_round(), R.CLOSED)
    UseCase.objects.filter(pk=scene.case.pk).update(decision_expires=day(-1))
    move_case(case=scene.case_scene.fresh(), move="lapse", by=None)

    last = ReviewRound.objects.filter(case=scene.case).order_by("-number").first()
    assert (last.kind, last.state) == (RoundKind.LAPSE, R.SCREENING)


# People ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["outsider", "follower"])
def test_who_is_not_of_the_body_is_not_asked(name):
    scene = a_round()

    with pytest.raises(Refused):
        assign(scene, name)


def test_owner_and_proposer_never_review(monkeypatch):
    scene = a_round()
    UseCase.objects.filter(pk=scene.case.pk).update(owner=scene.council)

    with pytest.raises(Refused, match="own case"):
        assign(scene, "council")


def test_who_became_the_owner_cannot_go_on():
    scene = a_round()
    handed_out(scene)
    UseCase.objects.filter(pk=scene.case.pk).update(owner=scene.council)

    with pytest.raises(NotAllowed):
        seal(scene, "council")


@pytest.mark.parametrize("answer", [Conflict.YES, Conflict.DOUBT])
def test_partial_reviewer_is_out_at_once_and_it_is_recorded(answer):
    scene = a_round()
    assign(scene)
    declare(scene, "council", answer, "Min bror sælger det.")
    review, council = scene.fresh(), scene.again("council")

    assert not policies.opens(council, review)
    assert policies.moves_for(council, review) == []
    assert not policies.can_fill(council, review, None)
    assert not policies.reads_sheets(council, review)
    row = AuditEntry.objects.get(verb="ethics.declare_impartiality")
    assert row.data == {"answer": answer}
    with pytest.raises(NotAllowed):
        declare(scene, "council", Conflict.NO)


def test_partiality_holds_in_the_next_round_of_the_case():
    scene = a_round()
    assign(scene, "council")
    declare(scene, "council", Conflict.YES, "Min bror sælger det.")
    scene.move("cancel")
    scene.review = rounds.open_round(
        case=scene.case_scene.fresh(), kind="initial", by=scene.secretary
    )

    assert not policies.opens(scene.again("council"), scene.fresh())
    with pytest.raises(Refused, match="disqualified"):
        assign(scene, "council")


def test_partial_chair_neither_signs_nor_recommends():
    scene = bring_to(a_round(), R.AGENDA)
    declare(scene, "chair", Conflict.DOUBT, "Jeg kender dem.")

    with pytest.raises(NotAllowed):
        scene.move("recommend", "chair")


def test_doubt_needs_a_ground():
    scene = a_round()
    assign(scene)

    with pytest.raises(Refused):
        declare(scene, "council", Conflict.DOUBT)


def test_released_reviewer_no_longer_holds_the_round_up():
    scene = a_round()
    assign(scene, *REVIEWERS, "extra")
    for name in REVIEWERS:
        declare(scene, name)
    row = ReviewAssignment.objects.get(reviewer=scene.extra)
    reviewers.release_reviewer(assignment=row, reason="Syg.", by=scene.secretary)

    assert scene.move("start_individual").state == R.INDIVIDUAL


# Guards, each alone ---------------------------------------------------------------------------


def declared(scene, *names):
    assign(scene, *names)
    for name in names:
        declare(scene, name)


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (("council", "citizen"), "at least three"),
        (("citizen", "ethicist", "extra"), "at least three"),
        (("council", "citizen", "extra"), "work with ethics"),
    ],
)
def test_reviewers_must_be_enough_of_the_right_sort(names, words):
    scene = a_round()
    declared(scene, *names)

    with pytest.raises(NotAllowed, match=words):
        scene.move("start_individual")


def test_high_risk_needs_an_expert_in_data_protection_or_law():
    scene = a_round()
    declared(scene, *REVIEWERS)
    UseCase.objects.filter(pk=scene.case.pk).update(risk_tier="high_risk_annex_iii")
    with pytest.raises(NotAllowed, match="data protection officer"):
        scene.move("start_individual")

    declared(scene, "dpo")

    assert scene.move("start_individual").state == R.INDIVIDUAL


def test_reviewers_must_all_have_answered():
    scene = a_round()
    assign(scene)
    declare(scene, "council")

    with pytest.raises(NotAllowed, match="impartial"):
        scene.move("start_individual")


def test_case_must_be_classified():
    scene = a_round()
    declared(scene, *REVIEWERS)
    UseCase.objects.filter(pk=scene.case.pk).update(risk_tier="")

    with pytest.raises(NotAllowed, match="AI Act"):
        scene.move("start_individual")


def test_sheets_do_not_open_before_all_are_sealed():
    scene = bring_to(a_round(), R.INDIVIDUAL)
    seal(scene, "council")
    seal(scene, "citizen")

    with pytest.raises(NotAllowed, match="open when all are sealed"):
        scene.move("reveal")


def test_after_the_deadline_three_sheets_are_enough_and_the_late_one_is_blind():
    scene = a_round()
    declared(scene, *REVIEWERS, "extra")
    scene.move("start_individual")
    for name in REVIEWERS:
        seal(scene, name)
    with pytest.raises(NotAllowed):
        scene.move("reveal")
    ReviewRound.objects.update(deadline=days(-1))
    scene.move("reveal", "system")

    assert not policies.reads_sheets(scene.again("extra"), scene.fresh())
    assert policies.reads_sheets(scene.again("council"), scene.fresh())
    late = seal(scene, "extra")
    assert late.revealed_at == late.sealed_at
    assert policies.reads_sheets(scene.again("extra"), scene.fresh())


def test_flags_and_disagreements_must_have_their_words():
    scene = bring_to(a_round(), R.INDIVIDUAL)
    key = next(q.id for q in reviewing.engine.current().questions if q.scale == "safeguard")
    seal(scene, "council", **{key: 0})
    seal(scene, "citizen")
    seal(scene, "ethicist")
    scene.move("reveal")
    review = scene.fresh()

    assert key in [one.question.id for one in reviewing.disagreements(review)]
    with pytest.raises(NotAllowed):
        scene.move("sign_assessment")
    discussed(scene)
    assert scene.move("sign_assessment").state == R.ASSESSED


def test_assessment_must_be_written():
    scene = bring_to(a_round(), R.DISCUSSION)
    discussed(scene)

    with pytest.raises(NotAllowed, match="joint assessment"):
        scene.move("sign_assessment", assessment="  ")


def test_agenda_must_reach_the_members_in_time():
    scene = bring_to(a_round(), R.ASSESSED)

    with pytest.raises(NotAllowed, match="in time"):
        scene.move("put_on_agenda", on=day(1))


def test_agenda_must_lie_in_the_mandate():
    scene = bring_to(a_round(), R.ASSESSED)

    with pytest.raises(NotAllowed, match="mandate"):
        scene.move("put_on_agenda", on=day(300))


def test_closed_item_needs_its_ground():
    scene = bring_to(a_round(), R.ASSESSED)

    with pytest.raises(NotAllowed, match="legal ground"):
        scene.move("put_on_agenda", access="closed")


def test_recommendation_needs_a_quorum():
    scene = bring_to(a_round(), R.AGENDA)

    with pytest.raises(NotAllowed, match="Too few"):
        scene.move("recommend", "chair", present=1)


def blocked(scene):
    """In discussion, with one reviewer seeing a blocker."""
    question, value = next(
        (q, next(iter(flag.when)))
        for q in reviewing.engine.current().questions
        for flag in q.flags
        if flag.severity == "blocker" and q.type != "text" and not q.show_if
    )
    bring_to(scene, R.INDIVIDUAL)
    value = int(value) if value.isdigit() else value
    seal(scene, "council", **{question.id: [value] if question.type == "multi" else value})
    seal(scene, "citizen")
    seal(scene, "ethicist")
    scene.move("reveal")
    return question


def test_blocker_stops_a_positive_recommendation_and_no_other():
    scene = a_round()
    blocked(scene)
    discussed(scene)
    scene.move("sign_assessment")
    scene.move("put_on_agenda")
    for outcome in (EthicsOutcome.RECOMMEND, EthicsOutcome.CONDITIONS):
        with pytest.raises(NotAllowed, match="blocking flag"):
            scene.move("recommend", "chair", outcome=outcome)

    scene.move("recommend", "chair", outcome="not_recommend")

    scene.move("send_to_body")
    with pytest.raises(NotAllowed, match="blocking flag"):
        scene.move("record_decision", deviation="Vi vil alligevel.")
    assert scene.move("record_decision", decision="reject").state == R.CLOSED


def test_blocker_goes_with_its_cause():
    scene = a_round()
    question = blocked(scene)
    discussed(scene)
    sheets.answer_flag(
        review=scene.fresh(), question=question.id, severity="blocker",
        text="Leverandøren har fjernet det.", cause_removed=True, by=scene.secretary,
    )  # fmt: skip
    scene.move("sign_assessment")
    scene.move("put_on_agenda")

    assert scene.move("recommend", "chair").outcome == "recommend"


def test_recommendation_is_told_to_the_case():
    scene = bring_to(a_round(), R.RECOMMENDED)
    case = scene.case_scene.fresh()

    assert (case.ethics_outcome, case.ethics_on) == ("recommend", WORDS["recommend"]["on"])


def test_decision_drives_the_case_once():
    scene = bring_to(a_round(), R.DECISION)
    scene.move("record_decision")

    assert scene.case_scene.fresh().status == Status.APPROVED_FOR_PILOT
    with pytest.raises(StaleState):
        scene.move("record_decision")


def test_deviation_needs_its_own_reason():
    scene = bring_to(a_round(), R.DECISION)

    with pytest.raises(Refused, match="goes against"):
        scene.move("record_decision", decision="reject")


def test_decision_outside_the_mandate_is_refused():
    scene = bring_to(a_round(), R.DECISION)
    scene.committee.mandate_to = day(-2)
    scene.committee.save()

    with pytest.raises(NotAllowed, match="mandate"):
        scene.move("record_decision", committee=scene.committee)


def test_deferred_case_comes_back():
    scene = bring_to(a_round(), R.DEFERRED)

    assert scene.move("take_up_again").state == R.AGENDA


@pytest.mark.parametrize("move", ["ask_for_information", "cancel"])
def test_reason_must_be_given(move):
    with pytest.raises(NotAllowed, match="reason"):
        a_round().move(move, reason=" ")


def test_deferring_needs_a_date():
    scene = bring_to(a_round(), R.AGENDA)

    with pytest.raises(NotAllowed, match="date"):
        scene.move("defer", "chair", revisit_on=None)


# Approval only through the review -------------------------------------------------------------


@pytest.mark.parametrize("decision", ["approve_pilot", "approve_operation"])
@pytest.mark.parametrize("state", [R.SCREENING, R.INDIVIDUAL, R.RECOMMENDED, R.CANCELLED])
def test_case_is_not_approved_past_its_review(state, decision):
    scene = bring_to(a_round(), state)

    with pytest.raises(NotAllowed, match="review"):
        cases.decide(scene.case_scene, decision, gated=True)


def test_yes_is_used_once():
    scene = bring_to(a_round(), R.CLOSED)
    UseCase.objects.filter(pk=scene.case.pk).update(decision_expires=day(-1))
    move_case(case=scene.case_scene.fresh(), move="lapse", by=None)

    with pytest.raises(NotAllowed):
        cases.decide(scene.case_scene, "approve_pilot", gated=True)


# The fast track -------------------------------------------------------------------------------


def a_simple_round():
    """The case's own answers are good: ordinary data, and a person decides."""
    scene = a_round()
    CaseAnswers.objects.create(
        case=scene.review.case,
        questionnaire_ref=scene.review.questionnaire_ref,
        answers=good_answers(B1="support", C1="ordinary"),
    )
    return scene


def test_fast_track_needs_the_rule_of_the_questionnaire():
    with pytest.raises(NotAllowed, match="fast track"):
        a_round().move("fast_track")


def test_fast_track_needs_a_declaration():
    with pytest.raises(Refused):
        a_simple_round().move("fast_track", impartial=False)


def test_fast_track_waits_ten_working_days_for_the_members():
    scene = a_simple_round()
    review = scene.move("fast_track")

    assert review.call_up_until > day(9)
    with pytest.raises(NotAllowed, match="can still call"):
        scene.move("put_on_agenda")
    ReviewRound.objects.update(call_up_until=day(-1))
    assert scene.move("put_on_agenda").state == R.AGENDA


def test_member_calls_a_case_up():
    scene = a_simple_round()
    scene.move("fast_track")
    review = rounds.ask_call_up(review=scene.fresh(), by=scene.again("member"))
    assert (review.state, review.called_up_by) == (R.ASSESSED, scene.member)

    ReviewRound.objects.update(call_up_until=day(-1))
    with pytest.raises(NotAllowed, match="called the case up"):
        scene.move("put_on_agenda")
    declared(scene, *REVIEWERS)
    ReviewRound.objects.update(call_up_until=day(3))
    assert scene.move("call_up").state == R.INDIVIDUAL


def test_call_up_comes_too_late():
    scene = a_simple_round()
    scene.move("fast_track")
    ReviewRound.objects.update(call_up_until=day(-1))

    with pytest.raises(NotAllowed, match="ten working days"):
        rounds.ask_call_up(review=scene.fresh(), by=scene.again("member"))


# A change during the review -------------------------------------------------------------------


def change(scene, **values):
    case = scene.case_scene.fresh()
    texts.save_values(case=case, values=values, version=case.version, by=scene.secretary)


def a_material_key():
    from usecases.record import record

    return next(
        one.key for one in record().fields if one.material and one.type in ("text", "long_text")
    )


def test_material_change_begins_again_and_the_sheet_stays_with_its_text():
    scene = bring_to(a_round(), R.INDIVIDUAL)
    old = seal(scene, "council")
    change(scene, **{a_material_key(): "Noget helt andet."})
    assert scene.fresh().state == R.SCREENING

    review = scene.move("start_individual")

    assert review.turn == 2
    new = ReviewSheet.objects.get(assignment=old.assignment, turn=2)
    old.refresh_from_db()
    assert new.answers == old.answers
    assert new.sealed_at is None
    assert (old.revision, old.revealed_at) == (1, None)
    assert new.revision == 2


def test_small_change_goes_on():
    scene = bring_to(a_round(), R.INDIVIDUAL)
    change(scene, title="AI til mail")

    assert scene.fresh().state == R.INDIVIDUAL


def test_material_change_after_the_recommendation_begins_a_new_review():
    scene = bring_to(a_round(), R.DECISION)
    change(scene, **{a_material_key(): "Noget helt andet."})

    last = ReviewRound.objects.order_by("-number").first()
    assert scene.fresh().state == R.CANCELLED
    assert (last.kind, last.state) == (RoundKind.MATERIAL_CHANGE, R.SCREENING)


def test_material_change_in_operation_opens_a_review():
    scene = operating(a_round())
    change(scene, **{a_material_key(): "Noget helt andet."})

    last = ReviewRound.objects.order_by("-number").first()
    assert (last.kind, last.number) == (RoundKind.MATERIAL_CHANGE, 2)


def test_restart_needs_a_change():
    with pytest.raises(NotAllowed, match="Nothing material"):
        bring_to(a_round(), R.INDIVIDUAL).move("restart_on_change")


# Sheets ---------------------------------------------------------------------------------------


def test_sheet_is_sealed_once():
    scene = bring_to(a_round(), R.INDIVIDUAL)
    first = seal(scene, "council")

    with pytest.raises(StaleState, match="sealed already"):
        sheets.seal_sheet(
            review=scene.fresh(), recommendation="recommend", by=scene.again("council")
        )
    with pytest.raises(StaleState):
        sheets.save_section(review=scene.fresh(), answers={}, by=scene.again("council"))
    assert ReviewSheet.objects.get(pk=first.pk).sha256 == first.sha256


def test_seal_is_the_hash_of_what_was_written():
    from core.canonical import canonical_json, sha256_hex

    scene = bring_to(a_round(), R.INDIVIDUAL)
    sheet = seal(scene, "council", note="Min note.")

    assert sha256_hex(sheet.body.encode()) == sheet.sha256
    assert canonical_json(sheet.sealed).decode() == sheet.body
    assert sheet.sealed["note"] == "Min note."
    row = AuditEntry.objects.get(verb="ethics.seal_sheet")
    assert row.data == {"turn": 1, "sha256": sheet.sha256, "late": False}


def test_sheet_with_gaps_is_not_sealed():
    scene = bring_to(a_round(), R.INDIVIDUAL)

    with pytest.raises(Refused, match="no answer yet"):
        sheets.seal_sheet(
            review=scene.fresh(), recommendation="recommend", by=scene.again("council")
        )


@pytest.mark.parametrize("name", ["secretary", "chair", "member", "dpo", "proposer", "outsider"])
def test_nobody_else_writes_a_sheet(name):
    scene = bring_to(a_round(), R.INDIVIDUAL)

    with pytest.raises(NotAllowed):
        sheets.save_section(review=scene.fresh(), answers={}, by=scene.again(name))


def test_later_words_are_an_addition_with_a_reason():
    scene = bring_to(a_round(), R.INDIVIDUAL)
    sheet = seal(scene, "council")
    by = scene.again("council")
    with pytest.raises(NotAllowed):
        sheets.add_to_sheet(sheet=sheet, text="Mere.", reason="Ny viden.", by=by)
    for name in ("citizen", "ethicist"):
        seal(scene, name)
    scene.move("reveal")
    with pytest.raises(Refused):
        sheets.add_to_sheet(sheet=sheet, text="Mere.", reason="", by=by)
    with pytest.raises(NotAllowed):
        sheets.add_to_sheet(sheet=sheet, text="Mere.", reason="x", by=scene.again("citizen"))

    row = sheets.add_to_sheet(sheet=sheet, text="Mere.", reason="Ny viden.", by=by)

    assert (row.text, row.sheet.sha256) == ("Mere.", sheet.sha256)


def test_reveal_opens_all_at_one_moment_and_once():
    scene = bring_to(a_round(), R.DISCUSSION)
    moments = set(ReviewSheet.objects.values_list("revealed_at", flat=True))

    assert moments == {scene.fresh().revealed_at}
    with pytest.raises((StaleState, NotAllowed)):
        scene.move("reveal")


def test_two_reveals_from_the_same_page_are_one():
    scene = bring_to(a_round(), R.INDIVIDUAL)
    for name in REVIEWERS:
        seal(scene, name)
    seen = scene.fresh()
    rounds.move_round(review=seen, move="reveal", by=scene.secretary)
    stale = ReviewRound.objects.get(pk=seen.pk)
    stale.state = R.INDIVIDUAL

    with pytest.raises(StaleState):
        rounds.move_round(review=stale, move="reveal", by=None)
    assert ReviewMove.objects.filter(move="reveal").count() == 1


def test_looking_through_a_reviewers_eyes_shows_no_sheet():
    scene = bring_to(a_round(), R.INDIVIDUAL)
    council = scene.again("council")
    council.is_looked_through = True

    assert not policies.can_fill(council, scene.fresh(), None)


def test_blind_mode_hides_the_proposer_from_reviewers():
    scene = a_round()
    declared(scene, *REVIEWERS)
    scene.move("start_individual", blind=True)

    assert not policies.sees_proposer(scene.again("council"), scene.fresh())
    assert policies.sees_proposer(scene.again("secretary"), scene.fresh())
    assert policies.sees_proposer(scene.again("proposer"), scene.fresh())


def test_lawyer_reviews_as_a_lawyer():
    scene = a_round()
    scene.lawyer = person(scene.committee, Role.LEGAL)
    assign(scene, "lawyer")

    assert ReviewAssignment.objects.get(reviewer=scene.lawyer).capacity == "legal"
