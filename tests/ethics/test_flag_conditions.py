"""A major flag is met by a condition of the case."""

import pytest
from django.urls import reverse

from core.verdicts import Refused
from ethics import reviewing
from ethics.services import sheets
from ethics.services.conditions import add_condition
from tests.ethics import scenes_rounds as scenes
from tests.factories import day

pytestmark = pytest.mark.django_db


@pytest.fixture
def flagged():
    """A revealed review with a major flag, and a condition of the case."""
    scene = scenes.a_round()
    scenes.handed_out(scene)
    for name in scenes.REVIEWERS:
        scenes.seal(scene, name, E1=1)
    scene.move("reveal")
    row = add_condition(
        case=scene.fresh().case, text="Mål fejlene.", gate="pilot", owner=scene.again("owner"),
        due_on=day(30), by=scene.again("secretary"),
    )  # fmt: skip
    return scene, row


def major(scene):
    return next(one for one in reviewing.flags_of(scene.fresh()) if one.severity == "major")


def test_major_flag_is_answered_by_a_condition_chosen_on_the_page(client, flagged):
    scene, row = flagged
    flag = major(scene)
    client.force_login(scene.again("secretary"))

    answer = client.post(
        reverse("ethics:review_discussion", args=[scene.review.pk]),
        {"question": flag.question.id, "severity": "major", "text": "", "condition": str(row.pk)},
    )

    assert answer.status_code == 302
    assert major(scene).answer.condition == row.pk
    assert major(scene).is_answered


def test_condition_of_another_case_meets_no_flag(flagged):
    scene, row = flagged
    flag = major(scene)

    with pytest.raises(Refused) as refusal:
        sheets.answer_flag(
            review=scene.fresh(), question=flag.question.id, severity="major",
            condition=row.pk + 100, by=scene.again("secretary"),
        )  # fmt: skip

    assert refusal.value.field == "condition"
    assert major(scene).answer is None
