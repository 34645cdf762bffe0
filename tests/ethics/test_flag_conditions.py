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
        {f"flag-{flag.question.id}-major-condition": str(row.pk)},
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


def test_everything_written_on_the_page_is_saved_at_once_or_not_at_all(client, flagged):
    scene, row = flagged
    flags = reviewing.flags_of(scene.fresh())
    typed = {f"flag-{one.question.id}-{one.severity}": f"Om {one.question.id}." for one in flags}
    chosen = f"flag-{major(scene).question.id}-major-condition"
    address = reverse("ethics:review_discussion", args=[scene.review.pk])
    client.force_login(scene.again("secretary"))

    refused = client.post(address, typed | {chosen: str(row.pk + 100)})
    nothing = [one.answer for one in reviewing.flags_of(scene.fresh())]
    saved = client.post(address, typed | {chosen: str(row.pk), "condition": "1"})

    assert refused.status_code == 422
    assert [refused.context["form"][name].value() for name in typed] == list(typed.values())
    assert nothing == [None] * len(flags)
    assert saved.url == (
        reverse("ethics:condition_new", args=[scene.case.pk]) + f"?bedoemmelse={scene.review.pk}"
    )
    found = {one.question.id: one.answer.text for one in reviewing.flags_of(scene.fresh())}
    assert found == {one.question.id: f"Om {one.question.id}." for one in flags}


def test_one_who_proposes_a_condition_comes_back_to_the_discussion(client, flagged):
    scene, _row = flagged
    client.force_login(scene.again("secretary"))
    facts = {
        "text": "Mål igen.", "gate": "pilot", "owner": scene.owner.pk,
        "due_on": day(30).strftime("%d %m %Y"), "source": "flag", "source_ref": "E1",
    }  # fmt: skip
    new = reverse("ethics:condition_new", args=[scene.case.pk])

    answer = client.post(f"{new}?bedoemmelse={scene.review.pk}", facts)
    elsewhere = client.post(f"{new}?bedoemmelse=999999", facts)

    assert answer.url == reverse("ethics:review_discussion", args=[scene.review.pk])
    assert elsewhere.url == reverse("ethics:conditions_page", args=[scene.case.pk])
