"""Who may do what: every policy over every subject, and no policy without a row."""

import inspect

import pytest
from django.contrib.auth.models import AnonymousUser

from committee import policies
from committee.enums import Role
from tests.factories import CommitteeFactory, DeliverableFactory, MembershipFactory, day, person

pytestmark = pytest.mark.django_db
ALL = {
    *Role.values,
    "citizen",
    "stranger",
    "administrator",
    "other_secretariat",
    "former",
    "closed",
}
SECRETARIAT = {Role.SECRETARIAT.value}
EDITORS = SECRETARIAT | {"administrator"}
TABLE = {
    "can_see_insides": set(Role.values),
    "can_create_committee": {"administrator"},
    "can_create_user": {"administrator"},
    "can_appoint_member": EDITORS,
    "can_end_membership": EDITORS,
    "can_adopt_terms": EDITORS,
    "can_adopt_rule_profile": EDITORS,
    "can_set_deliverable_status": SECRETARIAT,
    "can_add_evidence": SECRETARIAT,
    "can_save_shelf_document": EDITORS,
    "can_view_as": SECRETARIAT,
    "can_hand_over": SECRETARIAT,
    "can_hold_revisit": SECRETARIAT,
}


def subject(name, committee):
    if name == "citizen":
        return AnonymousUser()
    if name == "administrator":
        return person(None, is_staff=True)
    if name == "other_secretariat":
        return person(CommitteeFactory(), Role.SECRETARIAT)
    if name == "closed":
        return person(committee, Role.SECRETARIAT, is_active=False)
    user = person(None)
    if name == "former":
        from tests.factories import day

        MembershipFactory(user=user, committee=committee, role=Role.SECRETARIAT, valid_to=day(-1))
    if name in Role.values:
        MembershipFactory(user=user, committee=committee, role=name)
    return user


def arguments(name, committee):
    if "deliverable_" in name or "evidence" in name:
        return [DeliverableFactory(terms__committee=committee)]
    if name == "can_end_membership":
        return [MembershipFactory(committee=committee)]
    return [] if "create" in name else [committee]


def test_every_policy_has_a_row():
    names = {n for n, _f in inspect.getmembers(policies, inspect.isfunction) if n[:4] == "can_"}

    assert names == set(TABLE)


@pytest.mark.parametrize("who", sorted(ALL))
@pytest.mark.parametrize("name", TABLE)
def test_policy(name, who):
    committee = CommitteeFactory(revisit_on=day(9))

    verdict = getattr(policies, name)(subject(who, committee), *arguments(name, committee))

    assert bool(verdict) == (who in TABLE[name])
    assert bool(verdict.reason) != bool(verdict)


def test_nobody_views_as_in_no_committee():
    assert not policies.can_view_as(person(None, is_staff=True), None)
