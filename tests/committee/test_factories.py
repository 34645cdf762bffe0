"""The factories everybody tests with make rows that the constraints accept."""

import pytest

from committee.enums import Role
from committee.models import roles_in
from meetings.models import Meeting
from tests import factories

pytestmark = pytest.mark.django_db
ALL = [
    getattr(factories, name)
    for name in sorted(vars(factories))
    if name.endswith("Factory") and name != "DjangoModelFactory"
]


@pytest.mark.parametrize("make", ALL, ids=lambda make: make.__name__)
def test_factory_makes_two_rows_that_the_constraints_accept(make):
    rows = [make(), make()]

    for row in rows:
        row.refresh_from_db()
        row.validate_constraints()


def test_meetings_of_one_committee_share_its_rules_and_are_numbered():
    committee = factories.CommitteeFactory()

    factories.MeetingFactory.create_batch(2, committee=committee)

    assert list(Meeting.objects.values_list("number", flat=True)) == [1, 2]
    assert Meeting.objects.values("rule_profile").distinct().count() == 1


def test_person_has_the_roles_asked_for():
    committee = factories.CommitteeFactory()

    user = factories.person(committee, Role.CHAIR, Role.REVIEWER)

    assert roles_in(user, committee.pk) == {Role.CHAIR, Role.REVIEWER}
