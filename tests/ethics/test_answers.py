"""A case's answers: who gives them, what is kept of two writers, what the record says already."""

import pytest
from django.db import DatabaseError, transaction

from core.models import AuditEntry
from core.verdicts import NotAllowed, Refused, StaleState
from ethics.models import AnswerChange, CaseAnswers
from ethics.models.questions import answers_of, sheet_of
from ethics.policies import questions as policies
from ethics.questionnaire import current
from ethics.services.questions import AnswersConflict, renew_answers, save_section
from ethics.verbs import WORDS
from tests.usecases.scenes import a_scene, bring_to
from usecases.enums import Status
from usecases.models import UseCase

pytestmark = pytest.mark.django_db


def given(value, reason="Fordi.", evidence=""):
    return {"value": value, "reason": reason, "evidence": evidence}


def save(scene, section, answers, *, version=0, by=None, **more):
    return save_section(
        case=scene.fresh(),
        section=section,
        answers=answers,
        version=version,
        by=by or scene.again("secretary"),
        **more,
    )


@pytest.fixture
def scene():
    found = a_scene()
    bring_to(found, Status.SUBMITTED)
    return found


def test_answers_are_kept_with_who_and_when(scene):
    sheet = save(scene, "K", {"K1": given("no")}, by=scene.again("owner"))

    change = AnswerChange.objects.get()
    entry = AuditEntry.objects.filter(verb="ethics.answer_questions").get()
    assert (sheet.version, sheet.questionnaire_ref) == (1, "etik@1")
    assert (change.question_id, change.by, change.version) == ("K1", scene.owner, 1)
    assert entry.data["questions"] == ["K1"]
    assert "Fordi" not in str(entry.data)
    assert entry.verb in WORDS


def test_saving_the_same_again_is_no_new_version(scene):
    save(scene, "K", {"K1": given("no")})

    assert save(scene, "K", {"K1": given("no")}, version=1).version == 1


def test_changes_cannot_be_changed(scene):
    save(scene, "K", {"K1": given("no")})

    with pytest.raises(DatabaseError), transaction.atomic():
        AnswerChange.objects.update(question_id="K2")


# Who answers ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "mine"),
    [
        ("proposer", {"proposer", "owner"}),
        ("owner", {"proposer", "owner"}),
        ("secretary", {"proposer", "owner", "secretariat", "legal", "dpo", "security"}),
        ("reviewer", {"legal", "dpo", "security"}),
        ("member", set()),
        ("chair", set()),
        ("follower", set()),
        ("outsider", set()),
    ],
)
def test_each_question_is_answered_by_those_it_is_asked_of(scene, name, mine):
    user = scene.again(name)

    found = policies.answered_by(user, scene.fresh(), current())

    assert {current().by_id[key].answered_by for key in found} == mine
    assert all(
        bool(policies.can_answer(user, scene.fresh(), one)) == (one.id in found)
        for one in current().questions
    )


def test_owner_does_not_answer_for_the_lawyer(scene):
    with pytest.raises(NotAllowed):
        save(scene, "K", {"K3": given("no")}, by=scene.again("owner"))

    assert not CaseAnswers.objects.exists()


def test_draft_is_answered_by_those_who_write_it():
    scene = a_scene()

    assert policies.can_answer_some(scene.again("proposer"), scene.fresh())
    assert not policies.can_answer_some(scene.again("secretary"), scene.fresh())


def test_closed_case_takes_no_answers(scene):
    UseCase.objects.filter(pk=scene.case.pk).update(status=Status.REJECTED)

    with pytest.raises(NotAllowed):
        save(scene, "K", {"K1": given("no")})


# What is refused --------------------------------------------------------------------------


@pytest.mark.parametrize("answers", [{"Z9": given("no")}, {"A1": given("Tekst")}])
def test_question_of_another_part_is_refused(scene, answers):
    with pytest.raises(Refused):
        save(scene, "K", answers)


def test_answer_outside_its_scale_is_refused(scene):
    with pytest.raises(Refused) as refusal:
        save(scene, "E", {"E1": given(5)})

    assert refusal.value.field == "E1"


def test_answer_to_another_version_is_stale(scene):
    with pytest.raises(StaleState):
        save(scene, "K", {"K1": given("no")}, ref="etik@0")


# Two writers ------------------------------------------------------------------------------


def test_two_who_answer_different_questions_both_stand(scene):
    save(scene, "K", {"K1": given("no"), "K2": given("", "")}, by=scene.again("owner"))

    save(scene, "K", {"K1": given("", ""), "K2": given("yes")}, version=0)

    kept = answers_of(scene.fresh())
    assert (kept["K1"]["value"], kept["K2"]["value"]) == ("no", "yes")


def test_same_question_answered_twice_is_told_and_nothing_is_changed(scene):
    save(scene, "K", {"K1": given("no"), "K2": given("no")}, by=scene.again("owner"))

    with pytest.raises(AnswersConflict) as conflict:
        save(scene, "K", {"K1": given("yes"), "K2": given("no"), "K4": given("yes")}, version=0)

    assert (conflict.value.both, conflict.value.mine) == ({"K1"}, {"K1", "K2", "K4"})
    assert sheet_of(scene.fresh()).version == 1


def test_the_second_writer_may_insist(scene):
    save(scene, "K", {"K1": given("no")}, by=scene.again("owner"))

    save(scene, "K", {"K1": given("yes")}, version=1)

    assert answers_of(scene.fresh())["K1"]["value"] == "yes"
    assert [row.answer["value"] for row in AnswerChange.objects.order_by("pk")] == ["no", "yes"]


# Answer once ------------------------------------------------------------------------------


def test_what_the_record_says_is_not_asked_again(scene):
    case = scene.fresh()

    answers = answers_of(case)

    assert answers["B1"]["value"] == case.value("decision_role")
    assert answers["C1"]["value"] == case.value("data_level")
    assert case.value("purpose") in answers["A1"]["value"]
    assert answers["A3"] == given("", case.value("price_of_no"))
    assert sheet_of(case) is None


def test_own_answer_comes_before_the_record(scene):
    save(scene, "A", {"A1": given("Mit eget.", "")})

    assert answers_of(scene.fresh())["A1"]["value"] == "Mit eget."


def test_saving_what_the_record_says_keeps_following_it(scene):
    save(scene, "A", {"A1": answers_of(scene.fresh())["A1"], "A2": given(3)})
    case = scene.fresh()
    case.answers = case.answers | {"purpose": "Et andet formål."}
    case.save()

    assert "Et andet formål." in answers_of(scene.fresh())["A1"]["value"]


# After the decision -----------------------------------------------------------------------


@pytest.mark.parametrize(("answer", "material"), [("special", True), ("none", False)])
def test_another_answer_than_was_decided_on_is_a_material_change(answer, material):
    scene = a_scene()
    bring_to(scene, Status.APPROVED_FOR_PILOT)

    save(scene, "C", {"C1": given(answer, "Nu ved vi det.")})

    assert scene.fresh().value("data_level") == "none"
    assert scene.fresh().material_change is material


# A new version ----------------------------------------------------------------------------


def test_new_version_keeps_what_still_holds(scene, second_version):
    save(scene, "K", {"K1": given("no"), "K2": given("yes")}, by=scene.again("owner"))
    before = AnswerChange.objects.get(question_id="K1")

    with second_version():
        sheet = renew_answers(case=scene.fresh(), ref="etik@2", by=scene.again("owner"))
        kept = sheet.changes.get(question_id="K2")

    assert set(sheet.answers) == {"K2"}
    assert (kept.by, kept.at) == (scene.owner, before.at)
    assert CaseAnswers.objects.filter(questionnaire_ref="etik@1").get().answers["K1"]


def test_going_over_twice_is_stale(scene, second_version):
    save(scene, "K", {"K1": given("no")})
    with second_version():
        renew_answers(case=scene.fresh(), ref="etik@2", by=scene.again("secretary"))

        with pytest.raises(StaleState):
            renew_answers(case=scene.fresh(), ref="etik@2", by=scene.again("secretary"))


def test_there_is_nothing_to_go_over_to(scene):
    save(scene, "K", {"K1": given("no")})

    with pytest.raises(StaleState):
        renew_answers(case=scene.fresh(), ref="etik@1", by=scene.again("secretary"))
