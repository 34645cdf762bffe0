"""Every benchmark runs to its end and counts right; no test says how quick it must be."""

import pytest

from core.bench import benchmarks, measure
from meetings.benchmarks.client import form_in

pytestmark = pytest.mark.django_db


def measured(name, **sizes):
    return measure(benchmarks()[name], sizes)["figures"]


def test_meeting_polling_has_no_errors_and_counts_right():
    figures = measured("meeting_polling", minutes=0.4, members=4, items=2, round_seconds=8)

    assert figures["errors"] == 0
    assert figures["rounds_right"] == figures["rounds"] > 0
    assert figures["votes_in_time"] + figures["votes_too_late"] == figures["voting_ms"]["count"] > 0


@pytest.mark.database
def test_vote_races_counts_every_round_right():
    figures = measured("vote_races", rounds=5, members=3)

    assert figures["right_counts"] == figures["rounds"] == 5
    assert figures["votes_accepted"] + figures["votes_refused_as_closed"] == 15
    assert figures["other_answers"] == 0


def test_lock_meeting_makes_and_seals_the_minutes():
    figures = measured("lock_meeting", items=2)

    assert figures["items"] == 2
    assert figures["pages"] > 1


def test_verify_protocol_proves_the_rows():
    figures = measured("verify_protocol", rows=20)

    assert figures["rows"] == 20


def test_form_in_finds_the_form_and_its_hidden_fields():
    page = (
        '<form method="post" action="/a/luk/"><input type="hidden" name="x" value="1"></form>'
        '<form method="post" action="/a/stem/"><input type="hidden" name="y" value="2"></form>'
    )

    assert form_in(page, "/stem/") == ("/a/stem/", {"y": "2"})
    assert form_in(page, "/aabn/") is None
