"""The demo committee: facts of the kommissorium, invented people, one finding to look at."""

from datetime import date

import pytest
from django.utils import translation

from committee.enums import SeatKind
from committee.models import Committee, DeliverableEvidence, Membership, User
from committee.selectors import composition
from core.audit import all_entries, first_break
from demo.committee import FICTIONAL, PASSWORD, seed_committee, seed_other_committee

pytestmark = pytest.mark.django_db
LOGINS = [
    "admin", "bedoemmer", "borgermedlem", "foelgegruppe", "formand", "medlem", "raadslaeser",
    "sekretariat", "systemejer",
]  # fmt: skip


def test_demo_committee_has_fifteen_members_and_misses_one_under_30():
    committee = seed_committee()
    seated = Membership.objects.filter(committee=committee).seated()
    kinds = [row.seat_group.kind for row in seated.select_related("seat_group")]

    with translation.override("da"):
        found = composition(committee.terms.get(), on=date(2025, 12, 1))

    assert [kinds.count(SeatKind.COUNCIL), kinds.count(SeatKind.CITIZEN)] == [5, 10]
    assert found == ["Mangler 1 medlem under 30"]
    assert DeliverableEvidence.objects.count() == 2


def test_demo_people_are_fictional_and_every_role_can_log_in(client):
    seed_committee()

    people = User.objects.all()
    assert set(people.values_list("title", flat=True)) == {FICTIONAL}
    assert all(user.email.endswith("@example.dk") for user in people)
    for username in LOGINS:
        assert User.objects.get(username=username).check_password(PASSWORD)


def test_demo_has_a_second_committee_that_only_its_own_see():
    seed_committee()
    other = seed_other_committee()

    assert not Committee.objects.visible_to(User.objects.get(username="sekretariat")).filter(
        pk=other.pk
    )
    assert Committee.objects.visible_to(User.objects.get(username="sekretariat-andet")).filter(
        pk=other.pk
    )
    assert first_break(all_entries()) is None
