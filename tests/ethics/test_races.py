"""Two who act on the same review at the same moment: one order or the other, and nothing lost."""

import json

import pytest

from core.verdicts import NotAllowed, Refused, StaleState
from ethics.enums.rounds import RoundKind, RoundState
from ethics.models import CaseSnapshot, ReviewRound, ReviewSheet
from ethics.services import rounds, sheets
from ethics.services.snapshots import take_snapshot
from tests.ethics import scenes, scenes_rounds

pytestmark = [pytest.mark.django_db, pytest.mark.database]
TOO_LATE = (NotAllowed, Refused, StaleState)


def refused(answers):
    return [isinstance(one, TOO_LATE) for one in answers].count(True)


def moving(scene, move, who, **words):
    """What one person is about to do, having read the review as it is now."""
    review, by = scene.fresh(), scene.again(who)
    words = {**scenes_rounds.WORDS.get(move, {}), **words}
    return lambda: rounds.move_round(review=review, move=move, by=by, **words)


def sealing(scene, name):
    review, by = scene.fresh(), scene.again(name)
    return lambda: sheets.seal_sheet(review=review, recommendation="recommend", note="", by=by)


def filled(scene):
    scenes_rounds.handed_out(scene)
    for name in scenes_rounds.REVIEWERS:
        sheets.save_section(
            review=scene.fresh(), answers=scenes_rounds.good_answers(), by=scene.again(name)
        )
    return scene


def test_sheet_is_sealed_once(run_together):
    scene = filled(scenes_rounds.a_round())

    answers = run_together(sealing(scene, "council"), sealing(scene, "council"))

    assert refused(answers) == 1, answers
    assert ReviewSheet.objects.exclude(sealed_at=None).count() == 1


def test_two_reviewers_seal_side_by_side(run_together):
    scene = filled(scenes_rounds.a_round())

    answers = run_together(sealing(scene, "council"), sealing(scene, "citizen"))

    assert refused(answers) == 0, answers
    assert ReviewSheet.objects.exclude(sealed_at=None).count() == 2


def test_a_sheet_is_sealed_as_it_was_saved_or_the_save_comes_too_late(run_together):
    scene = filled(scenes_rounds.a_round())
    review, by = scene.fresh(), scene.again("council")
    changed = scenes_rounds.good_answers()
    changed["A1"] = {"value": "Rettet i sidste øjeblik.", "reason": "", "evidence": ""}

    sealed, saved = run_together(
        sealing(scene, "council"),
        lambda: sheets.save_section(review=review, answers=changed, by=by),
    )

    sheet = ReviewSheet.objects.get(assignment__reviewer=by)
    late = sheet.answers["A1"]["value"] == "Rettet i sidste øjeblik."
    assert not isinstance(sealed, Exception), sealed
    assert late != isinstance(saved, TOO_LATE)
    assert json.loads(sheet.body)["answers"] == sheet.answers


def test_sheets_are_opened_once(run_together):
    scene = filled(scenes_rounds.a_round())
    for name in scenes_rounds.REVIEWERS:
        sealing(scene, name)()

    answers = run_together(moving(scene, "reveal", "secretary"), moving(scene, "reveal", "system"))

    assert refused(answers) == 1, answers
    assert scene.fresh().state == RoundState.DISCUSSION


def test_one_review_is_open_on_a_case(run_together):
    scene = scenes_rounds.a_round()
    scene.move("cancel")
    case, by = scene.case_scene.fresh(), scene.again("secretary")

    answers = run_together(
        *[lambda: rounds.open_round(case=case, kind=RoundKind.INITIAL, by=by)] * 2
    )

    assert refused(answers) == 1, answers
    assert ReviewRound.objects.unended().count() == 1


def test_what_is_recommended_is_what_was_frozen_whoever_comes_first(run_together):
    scene = scenes_rounds.bring_to(scenes_rounds.a_round(), RoundState.AGENDA)
    newest = CaseSnapshot.objects.get()

    recommended, added = run_together(
        moving(scene, "recommend", "chair"), lambda: scenes.a_condition(scene.case_scene)
    )

    review = scene.fresh()
    assert not isinstance(added, Exception), added
    assert isinstance(recommended, TOO_LATE) == (review.state == RoundState.AGENDA)
    assert review.snapshot_sha256 == newest.sha256


def test_snapshots_are_numbered_without_gaps(run_together):
    scene = scenes_rounds.bring_to(scenes_rounds.a_round(), RoundState.AGENDA)
    scenes.a_condition(scene.case_scene)
    case, by = scene.case_scene.fresh(), scene.again("secretary")

    answers = run_together(*[lambda: take_snapshot(case, by)] * 2)

    assert [one.number for one in answers] == [2, 2]
    assert sorted(CaseSnapshot.objects.values_list("number", flat=True)) == [1, 2]
