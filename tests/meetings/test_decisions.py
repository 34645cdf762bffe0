"""The register of decisions: numbers, what was sealed, and what each reader has of it."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone, translation

from meetings.models import Decision
from meetings.selectors.decisions import decisions_of
from tests.meetings.scenes import a_scene, bring_to, lock

pytestmark = pytest.mark.django_db
CITIZEN = AnonymousUser()


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def rows_of(user, scene):
    return decisions_of(user, scene.committee, None, None)


# Numbers ------------------------------------------------------------------------------------------


def test_locking_numbers_what_was_decided_in_the_order_of_the_items():
    scene = bring_to(a_scene(), "approval")
    assert Decision.objects.count() == 0

    lock(scene)

    year = timezone.localtime(scene.fresh().held_from or scene.fresh().starts_at).year
    found = [(str(row), row.item_id) for row in Decision.objects.order_by("serial")]
    assert found == [
        (f"B-{year}-001", scene.opened.pk),
        (f"B-{year}-002", scene.closed.pk),
    ]


def test_register_has_what_was_sealed():
    scene = bring_to(a_scene(), "locked")

    rows = rows_of(scene.member, scene)

    assert [row["heading"] for row in rows] == ["Åbent punkt", "HEMMELIGTITEL"]
    assert [row["text"] for row in rows] == ["Åben beslutning", "HEMMELIGBESLUTNING"]
    assert [row["outcome_words"] for row in rows] == ["Adopted", "Adopted"]
    assert rows_of(CITIZEN, scene) == []
