"""Administration: opens, audits what it saves, and refuses beside the field."""

import pytest
from django.core import mail
from django.urls import reverse

from committee.enums import Role
from committee.models import Membership, User
from core.models import AuditEntry
from tests.factories import (
    CommitteeFactory,
    MembershipFactory,
    RuleProfileFactory,
    TermsOfReferenceFactory,
    UserFactory,
    day,
    person,
)

pytestmark = pytest.mark.django_db
MODELS = [
    "user", "membership", "municipality", "committee", "termsofreference", "ruleprofile",
    "shelfdocument",
]  # fmt: skip


@pytest.fixture
def admin(client):
    user = person(None, is_staff=True, is_superuser=True)
    client.force_login(user)
    return user


def page(name, act, *args):
    return reverse(f"admin:committee_{name}_{act}", args=args)


@pytest.mark.parametrize("name", MODELS)
def test_lists_and_forms_open(client, admin, name):
    answers = [client.get(page(name, act)).status_code for act in ("changelist", "add")]

    assert answers == [200, 200]


def test_user_is_made_without_a_password_and_gets_a_link(client, admin):
    facts = {"email": "Ny@Example.dk", "username": "ny", "name": "Ny Person", "is_active": "on"}
    client.post(page("user", "add"), facts)
    user = User.objects.get(username="ny")
    client.post(page("user", "changelist"), {"action": "send_reset", "_selected_action": [user.pk]})

    verbs = list(AuditEntry.objects.values_list("verb", flat=True))
    assert (user.email, user.has_usable_password()) == ("ny@example.dk", False)
    assert verbs == ["user.created", "user.reset_sent"]
    assert [message.to for message in mail.outbox] == [["ny@example.dk"]]


def post_membership(client, url, **facts):
    when = {"valid_from": day(0).strftime("%d.%m.%Y"), "valid_to": ""}
    return client.post(url, {"seat_group": "", **when, **facts})


def test_membership_goes_through_the_service(client, admin):
    committee, user = CommitteeFactory(), UserFactory()
    facts = {"user": user.pk, "committee": committee.pk, "role": Role.CHAIR}

    post_membership(client, page("membership", "add"), **facts)
    again = post_membership(client, page("membership", "add"), **facts)
    row = Membership.objects.get()
    post_membership(client, page("membership", "change", row.pk), role=Role.MEMBER)

    row.refresh_from_db()
    verbs = list(AuditEntry.objects.values_list("verb", flat=True))
    assert (again.status_code, row.role) == (200, Role.MEMBER)
    assert verbs == ["membership.appointed", "membership.changed"]


def test_nothing_that_carries_history_is_deleted(client, admin):
    rows = {"membership": MembershipFactory(), "ruleprofile": RuleProfileFactory()}

    for name, row in rows.items():
        assert client.get(page(name, "delete", row.pk)).status_code == 403


def test_only_the_newest_terms_can_be_corrected(client, admin):
    old = TermsOfReferenceFactory()
    new = TermsOfReferenceFactory(committee=old.committee)

    answers = [
        client.post(page("termsofreference", "change", terms.pk)).status_code
        for terms in (old, new)
    ]

    assert answers[0] == 403
    assert answers[1] != 403
