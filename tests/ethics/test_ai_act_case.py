"""The assessment of a case: answered, concluded, its duties shown to be met, the law replayed."""

import io
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from core import outbox
from core.models import AuditEntry
from core.verdicts import NotAllowed, Refused, StaleState
from ethics import hooks
from ethics.enums.aiact import AssessmentState, DutyState, ReplayState
from ethics.models import AiActAssessment, AiActReplay
from ethics.selectors.aiact import assessment_of, draft_of, duties_of
from ethics.services import aiact_duties, aiact_replay
from ethics.services.aiact import conclude, save_answers
from tests.ethics.ai_act_scenes import (
    BENEFITS,
    CHATBOT,
    a_case,
    answer,
    assessed,
    complete,
    other_rules,
)
from tests.usecases.scenes import a_scene, bring_to
from usecases.enums import RiskTier, Status

pytestmark = [pytest.mark.django_db, pytest.mark.database]
LATER = ("date: '2027-12-02'", "date: '2029-06-02'")


# Answering --------------------------------------------------------------------------------------


def test_answers_are_kept_in_a_draft_with_reason_and_evidence() -> None:
    scene = a_case()
    given = {"T-01": {"value": "yes", "reason": " En chat. ", "evidence": "https://x.dk/1"}}

    save_answers(case=scene.case, answers=given, version=0, by=scene.secretary)

    draft = draft_of(scene.fresh())
    assert draft.state == AssessmentState.DRAFT
    assert draft.answers["T-01"] == {
        "value": "yes",
        "reason": "En chat.",
        "evidence": "https://x.dk/1",
    }


def test_somebody_who_was_slower_overwrites_nothing() -> None:
    scene = a_case()
    given = {"T-01": {"value": "yes"}}
    save_answers(case=scene.case, answers=given, version=0, by=scene.secretary)

    with pytest.raises(StaleState):
        save_answers(case=scene.case, answers=given, version=0, by=scene.second)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"XX-1": {"value": "yes"}}, "q_XX-1"),
        ({"T-01": {"value": "perhaps"}}, "q_T-01"),
        ({"T-01": {"value": "yes", "reason": "x" * 4001}}, "r_T-01"),
        ({"T-01": {"value": "yes", "evidence": "x" * 501}}, "e_T-01"),
    ],
)
def test_what_is_no_answer_is_refused_where_it_stands(given, field) -> None:
    scene = a_case()

    with pytest.raises(Refused) as refusal:
        save_answers(case=scene.case, answers=given, version=0, by=scene.secretary)

    assert refusal.value.field == field
    assert draft_of(scene.fresh()) is None


def test_only_those_who_answer_for_the_case_answer_its_questions() -> None:
    scene = a_case()

    for name in ("member", "reviewer", "chair", "outsider"):
        with pytest.raises(NotAllowed):
            save_answers(case=scene.case, answers={}, version=0, by=getattr(scene, name))


# Concluding -------------------------------------------------------------------------------------


def test_concluding_tells_the_case_its_tier_and_seals_the_answers() -> None:
    scene = a_case()

    found = assessed(scene, BENEFITS)

    case = scene.fresh()
    assert (case.risk_tier, case.ruleset) == (RiskTier.HIGH_ANNEX_III, "ai_act@1")
    assert found.state == AssessmentState.CONCLUDED
    assert found.result["outcomes"] == ["HIGH_RISK_ANNEX_III"]
    assert found.disposition == "determined"
    assert len(found.sha256) == 64
    assert AuditEntry.objects.filter(verb="ethics.conclude_ai_act").count() == 1


@pytest.mark.parametrize(
    ("answers", "tier"),
    [
        ({"P-E1": "yes"}, RiskTier.PROHIBITED),
        ({"P-E1": "unknown"}, RiskTier.UNRESOLVED),
        ({"I-01": "A", "I-02": "yes", "I-03": "yes", "I-04": "no"}, RiskTier.HIGH_ANNEX_I),
        ({"III-5a": "yes", "D-02": "yes", "D-03a": "yes", "D-04": "yes"}, RiskTier.DEROGATED),
        (CHATBOT, RiskTier.TRANSPARENCY),
        ({"G-02": "yes"}, RiskTier.GPAI),
        ({}, RiskTier.MINIMAL),
        ({"SC-01": "no"}, RiskTier.OUT_OF_SCOPE),
    ],
)
def test_every_tier_has_its_place_on_the_case(answers, tier) -> None:
    scene = a_case()

    assessed(scene, answers)

    assert scene.fresh().risk_tier == tier


def test_nothing_is_concluded_while_a_question_is_open() -> None:
    scene = a_case()
    given = {"T-01": {"value": "no"}}
    draft = save_answers(case=scene.case, answers=given, version=0, by=scene.secretary)

    with pytest.raises(Refused, match=r"not answered|ikke besvaret"):
        conclude(case=scene.case, people={}, version=draft.version, by=scene.secretary)

    assert scene.fresh().risk_tier == ""


def test_an_answer_that_decides_needs_its_reason() -> None:
    scene = a_case()
    draft = answer(scene, CHATBOT, reason="")

    with pytest.raises(Refused, match="T-01"):
        conclude(case=scene.case, people={}, version=draft.version, by=scene.secretary)


def test_what_is_not_known_is_somebodys_to_find_out() -> None:
    scene = a_case()
    draft = answer(scene, {"T-01": "yes", "T-01x": "unknown"})

    with pytest.raises(Refused) as refusal:
        conclude(case=scene.case, people={}, version=draft.version, by=scene.secretary)
    found = conclude(
        case=scene.fresh(), people={"T-01x": scene.owner}, version=draft.version,
        by=scene.secretary,
    )  # fmt: skip

    assert refusal.value.field == "p_T-01x"
    assert found.disposition == "requires_review"
    assert found.answers["T-01x"]["person"] == scene.owner.pk


def test_only_the_secretariat_concludes() -> None:
    scene = a_case()
    draft = answer(scene, CHATBOT)

    for person in (scene.proposer, scene.owner, scene.chair, scene.reviewer):
        with pytest.raises(NotAllowed):
            conclude(case=scene.case, people={}, version=draft.version, by=person)


def test_a_draft_case_is_not_concluded() -> None:
    scene = a_scene()
    draft = save_answers(case=scene.case, answers=complete(CHATBOT), version=0, by=scene.proposer)

    with pytest.raises(NotAllowed):
        conclude(case=scene.case, people={}, version=draft.version, by=scene.secretary)


def test_a_new_conclusion_replaces_the_old_which_is_kept() -> None:
    scene = a_case()
    first = assessed(scene, CHATBOT)

    second = assessed(scene, BENEFITS)

    first.refresh_from_db()
    assert first.state == AssessmentState.SUPERSEDED
    assert first.result["outcomes"] == ["TRANSPARENCY"]
    assert assessment_of(scene.fresh()) == second
    assert second.number == 2


def test_another_result_after_the_decision_is_a_material_change() -> None:
    scene = a_scene()
    bring_to(scene, Status.UNDER_ASSESSMENT)
    assessed(scene, {})
    scene.case.status = Status.APPROVED_FOR_PILOT
    scene.case.save(update_fields=["status"])

    assessed(scene, {})
    assert not scene.fresh().material_change
    assessed(scene, BENEFITS)

    assert scene.fresh().material_change


# Duties -----------------------------------------------------------------------------------------


def state_of(scene, code: str) -> DutyState:
    case = scene.fresh()
    return next(row.state for row in duties_of(case, assessment_of(case)) if row.code == code)


def give(scene, code: str, by=None, **more):
    facts = {"kind": "evidence", "text": "Notatet er skrevet."} | more
    return aiact_duties.give_evidence(
        case=scene.fresh(), code=code, by=by or scene.secretary, **facts
    )


def test_gate_opens_when_somebody_else_has_verified_every_duty_and_closes_again() -> None:
    scene = a_case()
    assessed(scene, CHATBOT)
    assert not scene.fresh().obligations_pilot_met

    row = give(scene, "OB-50-1")
    assert state_of(scene, "OB-50-1") == DutyState.GIVEN
    assert not scene.fresh().obligations_pilot_met
    aiact_duties.verify_evidence(case=scene.fresh(), evidence=row.pk, by=scene.second)

    assert scene.fresh().obligations_pilot_met
    assert not scene.fresh().obligations_operation_met
    aiact_duties.remove_evidence(case=scene.fresh(), code="OB-50-1", by=scene.secretary)
    assert not scene.fresh().obligations_pilot_met


def test_a_gate_without_duties_is_open() -> None:
    scene = a_case()

    assessed(scene, {})

    assert scene.fresh().obligations_pilot_met
    assert not scene.fresh().obligations_operation_met  # AI literacy, Art. 4


def test_new_duties_close_a_gate_that_was_open() -> None:
    scene = a_case()
    assessed(scene, {})

    assessed(scene, BENEFITS)

    assert not scene.fresh().obligations_pilot_met


def test_evidence_is_verified_by_neither_owner_nor_giver() -> None:
    scene = a_case()
    assessed(scene, CHATBOT)
    case = scene.fresh()
    case.owner = scene.second
    case.save(update_fields=["owner"])
    row = give(scene, "OB-50-1")

    for person in (scene.secretary, scene.second, scene.chair):
        with pytest.raises(NotAllowed):
            aiact_duties.verify_evidence(case=scene.fresh(), evidence=row.pk, by=person)


def test_new_evidence_is_verified_anew() -> None:
    scene = a_case()
    assessed(scene, CHATBOT)
    row = give(scene, "OB-50-1")
    aiact_duties.verify_evidence(case=scene.fresh(), evidence=row.pk, by=scene.second)

    give(scene, "OB-50-1", text="Et andet notat.")

    assert state_of(scene, "OB-50-1") == DutyState.GIVEN
    assert not scene.fresh().obligations_pilot_met
    with pytest.raises(StaleState):
        aiact_duties.verify_evidence(case=scene.fresh(), evidence=row.pk, by=scene.second)


def test_note_that_a_duty_does_not_apply_yet_holds_until_the_day() -> None:
    scene = a_case()
    assessed(scene, BENEFITS)
    row = give(scene, "OB-26-2", kind="not_yet", text="")

    aiact_duties.verify_evidence(case=scene.fresh(), evidence=row.pk, by=scene.second)

    assert row.holds_until == date(2027, 12, 2)
    assert state_of(scene, "OB-26-2") == DutyState.NOT_YET


def test_no_note_for_a_duty_that_applies_already() -> None:
    scene = a_case()
    assessed(scene, CHATBOT)

    with pytest.raises(Refused) as refusal:
        give(scene, "OB-50-1", kind="not_yet", text="")

    assert refusal.value.field == "kind"


def test_gate_falls_on_the_day_a_duty_begins_to_apply() -> None:
    scene = a_case()
    assessed(scene, BENEFITS)
    for code in ("OB-26-2", "OB-26-4", "OB-26-9"):
        row = give(scene, code, kind="not_yet", text="")
        aiact_duties.verify_evidence(case=scene.fresh(), evidence=row.pk, by=scene.second)
    assert scene.fresh().obligations_pilot_met

    aiact_duties.mind_notes(date(2027, 12, 1))
    assert scene.fresh().obligations_pilot_met
    aiact_duties.mind_notes(date(2027, 12, 2))

    assert not scene.fresh().obligations_pilot_met


def test_laboratory_case_must_be_assessed_anew_before_its_pilot() -> None:
    scene = a_case()
    assessed(scene, {"SC-05": "pre_service"})

    assert state_of(scene, "PRE_SERVICE_ONLY") == DutyState.BLOCKED
    assert not scene.fresh().obligations_pilot_met
    with pytest.raises(Refused):
        give(scene, "PRE_SERVICE_ONLY")


def test_exclusion_is_confirmed_by_a_lawyer() -> None:
    scene = a_case()
    assessed(scene, {"SC-04": "no"})

    assert state_of(scene, "OUT_OF_SCOPE") == DutyState.MISSING
    assert not scene.fresh().obligations_pilot_met


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": "x" * 4001}, "text"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"kind": "perhaps"}, "kind"),
    ],
)
def test_evidence_that_cannot_be_is_refused(facts, field) -> None:
    scene = a_case()
    assessed(scene, CHATBOT)

    with pytest.raises(Refused) as refusal:
        give(scene, "OB-50-1", **facts)

    assert refusal.value.field == field


def test_evidence_of_a_duty_that_the_case_has_not_is_refused() -> None:
    scene = a_case()
    assessed(scene, CHATBOT)

    with pytest.raises(Refused):
        give(scene, "OB-27")


# When the law changes ---------------------------------------------------------------------------


def test_replay_shows_and_reopens_exactly_the_cases_that_change(tmp_path) -> None:
    changing, same = a_case(), a_case()
    same.case.committee = changing.committee
    same.case.save(update_fields=["committee"])
    assessed(changing, BENEFITS)
    same_row = answer_and_conclude(same, changing.secretary)
    ruleset = other_rules(tmp_path, 21, LATER)
    heard = []
    hooks.law_changed.append(lambda case, changes, by: heard.append((case.pk, changes)))

    try:
        replay = aiact_replay.begin_replay(
            committee=changing.committee, ruleset=ruleset, by=changing.secretary
        )
        outbox.drain()
        replay.refresh_from_db()
        shown = [row.assessment.case_id for row in replay.rows.all()]
        assert replay.state == ReplayState.CHECKED
        assert replay.looked_at == 2
        assert shown == [changing.case.pk]
        assert assessment_of(changing.fresh()) is not None

        aiact_replay.confirm_replay(replay=replay, by=changing.secretary)
        outbox.drain()
    finally:
        hooks.law_changed.pop()

    replay.refresh_from_db()
    same_row.refresh_from_db()
    draft = draft_of(changing.fresh())
    assert (replay.state, replay.reopened) == (ReplayState.DONE, 1)
    assert assessment_of(changing.fresh()) is None
    assert draft.ruleset == ruleset
    assert draft.result["obligations"]["OB-27"][0] == "2029-06-02"
    assert changing.fresh().risk_tier == RiskTier.HIGH_ANNEX_III
    assert same_row.state == AssessmentState.CONCLUDED
    assert same_row.confirmed_under == ruleset
    assert [pk for pk, _changes in heard] == [changing.case.pk]
    assert {"what": "date", "code": "OB-27", "old": "2027-12-02", "new": "2029-06-02"} in heard[0][
        1
    ]


def answer_and_conclude(scene, by) -> AiActAssessment:
    draft = save_answers(case=scene.fresh(), answers=complete(CHATBOT), version=0, by=by)
    return conclude(case=scene.fresh(), people={}, version=draft.version, by=by)


def test_reopened_case_is_concluded_under_the_new_rules(tmp_path) -> None:
    scene = a_case()
    assessed(scene, BENEFITS)
    ruleset = other_rules(tmp_path, 22, LATER)
    call_command("replay_ai_act", ruleset, stdout=io.StringIO())

    draft = draft_of(scene.fresh())
    found = conclude(case=scene.fresh(), people={}, version=draft.version, by=scene.secretary)

    assert found.ruleset == ruleset
    assert scene.fresh().ruleset == ruleset


def test_a_new_question_that_nobody_has_answered_is_not_a_no(tmp_path) -> None:
    scene = a_case()
    assessed(scene, {})
    question = """- id: P-E2
  block: prohibited
  article: Art. 5(1)(e)
  kind: trigger
  type: yes_no_unknown
  en: Is it new?
  da: Er det nyt?
  options:
  - {value: 'yes', set: [art5.e], outcome: PROHIBITED}
  - {value: 'no'}
  - {value: unknown, set: [review.art5.e]}
- id: P-F1
"""
    ruleset = other_rules(tmp_path, 23, ("- id: P-F1\n", question))

    found = list(
        aiact_replay.find_changes(
            aiact_replay.concluded_in(scene.committee), aiact_replay.known_rules(ruleset)
        )
    )

    assert found[0] is not None
    assert found[0].result["tier"] == "unresolved"


def test_dry_run_lists_and_changes_nothing(tmp_path) -> None:
    scene = a_case()
    assessed(scene, BENEFITS)
    ruleset = other_rules(tmp_path, 24, LATER)
    out = io.StringIO()

    call_command("replay_ai_act", ruleset, "--dry-run", stdout=out)

    assert "date OB-27: 2027-12-02 -> 2029-06-02" in out.getvalue()
    assert "1 case(s) would be re-opened." in out.getvalue()
    assert assessment_of(scene.fresh()) is not None
    assert not AiActReplay.objects.exists()


def test_the_same_rules_change_nothing() -> None:
    scene = a_case()
    assessed(scene, BENEFITS)
    out = io.StringIO()

    call_command("replay_ai_act", "ai_act@1", stdout=out)

    assert "0 case(s) re-opened." in out.getvalue()


def test_replay_of_rules_that_there_are_not_is_refused() -> None:
    scene = a_case()

    with pytest.raises(CommandError, match="There is no ruleset"):
        call_command("replay_ai_act", "ai_act@99")
    with pytest.raises(Refused):
        aiact_replay.begin_replay(
            committee=scene.committee, ruleset="../../etc", by=scene.secretary
        )


def test_only_the_secretariat_replays() -> None:
    scene = a_case()

    for person in (scene.chair, scene.member, scene.proposer):
        with pytest.raises(NotAllowed):
            aiact_replay.begin_replay(committee=scene.committee, ruleset="ai_act@1", by=person)


def test_case_that_was_concluded_anew_meanwhile_is_left_alone(tmp_path) -> None:
    scene = a_case()
    assessed(scene, BENEFITS)
    ruleset = other_rules(tmp_path, 25, LATER)
    replay = aiact_replay.begin_replay(
        committee=scene.committee, ruleset=ruleset, by=scene.secretary
    )
    outbox.drain()
    newer = assessed(scene, CHATBOT)
    replay.refresh_from_db()

    aiact_replay.confirm_replay(replay=replay, by=scene.secretary)
    outbox.drain()

    replay.refresh_from_db()
    assert replay.reopened == 0
    assert assessment_of(scene.fresh()) == newer
