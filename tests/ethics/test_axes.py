"""What a review comes to, side by side: the answer that counts, and where its marks stand."""

import pytest

from ethics import axes
from ethics.questionnaire import current
from tests.ethics.scenes_rounds import good_answers


def people(*owns):
    known = current()
    return [
        axes.given(known, f"Person {number}", good_answers(**own))
        for number, own in enumerate(owns, 1)
    ]


def row(plot, key):
    return next(one for one in plot.rows if one.key == key)


def first_of(scale):
    return next(one.id for one in current().questions if one.scale == scale)


@pytest.mark.parametrize(
    ("scale", "values", "counts"),
    [
        ("impact", (1, 4, 2), 4),
        ("impact", (0, 0, 0), 0),
        ("safeguard", (4, 1, 3), 1),
        ("value", (2, 3, 4), 3),
    ],
)
def test_axis_counts_the_worst_impact_the_weakest_safeguard_the_middle_value(scale, values, counts):
    ids = [one.id for one in current().questions if one.scale == scale]

    plot = axes.axes(current(), people(*(dict.fromkeys(ids, value) for value in values)))

    assert row(plot, scale).score == counts
    assert [one.score for one in row(plot, scale).read] == list(values)


def test_axis_names_the_question_that_gave_the_answer():
    key = first_of("impact")

    plot = axes.axes(current(), people({key: 3}, {}))

    assert row(plot, "impact").where == f"højest: {key}"


def test_unknown_is_never_a_good_answer_on_an_axis():
    key = first_of("safeguard")

    plot = axes.axes(current(), people({}, {key: "unknown"}))

    assert row(plot, "safeguard").score == 0


def test_dots_of_the_same_step_stand_beside_each_other():
    ids = [one.id for one in current().questions if one.scale == "safeguard"]

    plot = axes.axes(current(), people(*(dict.fromkeys(ids, value) for value in (2, 2, 4))))

    assert row(plot, "safeguard").dots == ["232.5", "243.5", "370"]
    assert row(plot, "safeguard").span == (238, 370)


def test_price_of_a_no_shows_everybodys_answer_and_none_counts():
    plot = axes.price(current(), people({"A3": 1}, {"A3": 3}))

    assert plot.rows[0].word == "1–3"
    assert plot.has_key is False


def test_drawing_is_said_in_words():
    plot = axes.axes(current(), people({}))

    assert [one.name for one in plot.rows] == ["Påvirkning", "Værn", "Værdi"]
    assert all(one.name in plot.alt for one in plot.rows)
