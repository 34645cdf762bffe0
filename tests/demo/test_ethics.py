"""The demo's guidelines and dilemmas."""

import pytest

from demo.committee import seed_committee
from demo.ethics import seed_guidelines
from ethics.models import Amendment, Dilemma, GuidelineSection
from ethics.selectors.guidelines import work_page

pytestmark = pytest.mark.django_db


def test_the_demo_has_guidelines_with_wishes_and_dilemmas():
    committee = seed_committee()
    principles, guidelines, ambition = seed_guidelines(committee)

    assert principles.slug == "principper-for-svar-til-borgere"
    assert ambition.slug == "ai-ambition"
    assert GuidelineSection.objects.filter(version__guideline=guidelines).count() == 9
    assert list(Amendment.objects.values_list("section_number", flat=True)) == [1, 1, 9]
    assert Dilemma.objects.filter(published__isnull=False).count() == 1
    # The meeting that adopts it is not held here.
    assert work_page(None, principles)["is_draft"]
