"""The demo's change of the law reaches the two cases whose date it moves, and no other."""

import pytest

from demo.ai_act import write_changed_law
from demo.committee import seed_committee
from demo.usecases import seed_cases
from ethics.ai_act import rules_of
from ethics.models import AiActAssessment
from ethics.services.aiact_replay import concluded_in, find_changes

pytestmark = pytest.mark.django_db


def test_changed_law_of_the_demo_moves_the_date_of_two_cases(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    committee = seed_committee()
    seed_cases(committee)
    write_changed_law()

    found = list(find_changes(concluded_in(committee), rules_of("ai_act@2")))

    changed = [one for one in found if one]
    cases = AiActAssessment.objects.filter(pk__in=[one.assessment for one in changed])
    assert len(found) > len(changed)
    assert sorted(cases.values_list("case__title", flat=True)) == [
        "Kortere ruter for hjemmeplejens biler",
        "Udkast til notater i hjemmeplejen",
    ]
    assert {change["what"] for one in changed for change in one.changes} == {"date", "outcome_date"}
