"""The composition check: a table of cases, and any composition against a tiny reference."""

from datetime import timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from committee.enums import Role
from committee.models import Membership, SeatGroup
from committee.selectors import SeatCount, composition, finding, findings_of
from tests.factories import MembershipFactory, SeatGroupFactory, TermsOfReferenceFactory, day


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (0, "Mangler 2 medlemmer under 30"),
        (1, "Mangler 1 medlem under 30"),
        (2, ""),
        (4, ""),
        (5, "1 medlem for meget under 30"),
        (6, "2 medlemmer for mange under 30"),
    ],
)
def test_finding_says_in_words_what_is_wrong(count, expected):
    with translation.override("da"):
        assert finding(SeatCount("under 30", 2, 4, count)) == expected


@pytest.fixture
def terms(db):
    return TermsOfReferenceFactory()


def test_composition_adds_the_parts_up_to_their_total(terms):
    total = SeatGroupFactory(terms=terms, short_name="blandt borgerne", minimum=2, maximum=2)
    part = SeatGroupFactory(terms=terms, short_name="under 30", parent=total, minimum=2, maximum=4)
    MembershipFactory(committee=terms.committee, seat_group=part)

    with translation.override("en"):
        found = composition(terms, on=day(0))

    assert found == ["1 member blandt borgerne is missing", "1 member under 30 is missing"]


def test_composition_is_that_of_the_day_asked_for(terms):
    group = SeatGroupFactory(terms=terms, minimum=1, maximum=1)
    MembershipFactory(
        committee=terms.committee, seat_group=group, valid_from=day(-9), valid_to=day(-1)
    )

    assert composition(terms, on=day(-1)) == []
    assert len(composition(terms, on=day(0))) == 1


def test_composition_counts_a_person_with_two_offices_once_and_no_servants(terms):
    group = SeatGroupFactory(terms=terms, minimum=1, maximum=1)
    chair = MembershipFactory(committee=terms.committee, seat_group=group, role=Role.CHAIR)
    MembershipFactory(committee=terms.committee, seat_group=group, user=chair.user)
    MembershipFactory(committee=terms.committee, role=Role.SECRETARIAT)

    assert composition(terms, on=day(0)) == []


def test_composition_names_those_who_sit_outside_the_groups(terms):
    SeatGroupFactory(terms=terms, minimum=0, maximum=1)
    MembershipFactory(committee=terms.committee)

    with translation.override("da"):
        assert composition(terms, on=day(0)) == ["1 medlem sidder uden for pladsgrupperne"]


@given(
    bounds=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=4),
    seats=st.lists(st.tuples(st.integers(1, 6), st.integers(0, 4)), max_size=12),
)
def test_findings_agree_with_a_tiny_reference(bounds, seats):
    """Reference: count distinct people per group and compare; group 1 is the total of the rest."""
    groups = [
        SeatGroup(
            pk=n, parent_id=1 if n > 1 else None, minimum=low, maximum=low + more, short_name="x"
        )
        for n, (low, more) in enumerate(bounds, 1)
    ]
    rows = [Membership(user_id=user, seat_group_id=group or None) for user, group in seats]
    known = {group.pk for group in groups}
    inside = {n: {u for u, g in seats if g == n} for n in known}
    inside[1] = set().union(*inside.values())
    wrong = [g for g in groups if not g.minimum <= len(inside[g.pk]) <= g.maximum]
    outside = {user for user, _group in seats} - inside[1]

    assert len(findings_of(groups, rows)) == len(wrong) + bool(outside)


def test_membership_counts_through_its_last_day(terms):
    group = SeatGroupFactory(terms=terms, minimum=1, maximum=1)
    last = day(0) + timedelta(days=3)
    MembershipFactory(committee=terms.committee, seat_group=group, valid_to=last)

    assert composition(terms, on=last) == []
    assert len(composition(terms, on=last + timedelta(days=1))) == 1
