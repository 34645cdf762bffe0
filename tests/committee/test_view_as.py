"""“Vis som”: the same rule through other eyes, nothing changed, nobody locked in."""

import pytest
from django.urls import reverse

from committee.enums import Role
from committee.middleware import SESSION_KEY
from committee.models import Membership
from core.models import AuditEntry
from tests.factories import CommitteeFactory, DeliverableFactory, day, person

pytestmark = pytest.mark.django_db
URL = "/vis-som/"


@pytest.fixture
def committee():
    return CommitteeFactory(is_public=False)


@pytest.fixture
def secretary(client, committee):
    user = person(committee, Role.SECRETARIAT, name="Sofus Sekretær", is_staff=True)
    client.force_login(user)
    return user


def look(client, committee, who):
    return client.post(URL, {"who": who, "committee": committee.slug})


def status(client, committee):
    return client.get(reverse("committee:committee_page", args=[committee.slug])).status_code


def test_page_lists_a_citizen_and_those_with_roles_but_no_colleague(client, committee, secretary):
    person(committee, Role.MEMBER, name="Mette Medlem")
    person(committee, Role.FOLLOW_GROUP, name="Frida Følger")
    person(committee, Role.SECRETARIAT, name="Kollega")
    person(CommitteeFactory(), Role.MEMBER, name="En anden")

    page = client.get(URL).content.decode()

    found = [n in page for n in ("Mette Medlem", "Frida Følger", "Kollega", "En anden")]
    assert found == [True, True, False, False]


def test_citizens_eyes_see_no_hidden_committee_until_one_stops(client, committee, secretary):
    before = status(client, committee)
    look(client, committee, "citizen")
    meanwhile = status(client, committee)
    client.post(URL)

    assert (before, meanwhile, status(client, committee)) == (200, 404, 200)


def test_citizens_page_through_other_eyes_is_never_cached(client, secretary, committee):
    look(client, committee, "citizen")

    assert client.get(reverse("committee:committee_home")).headers["Cache-Control"] == "no-store"


def test_a_persons_eyes_keep_only_the_rights_in_that_committee(client, committee, secretary):
    other = CommitteeFactory(is_public=False)
    member = person(committee, Role.MEMBER, is_staff=True, is_superuser=True)
    Membership.objects.create(user=member, committee=other, role=Role.MEMBER, valid_from=day(-1))
    look(client, committee, member.pk)

    assert (status(client, committee), status(client, other)) == (200, 404)
    assert client.get("/admin/").status_code == 302


def test_nothing_is_changed_through_other_eyes(client, committee, secretary):
    colleague = person(committee, Role.SECRETARIAT)
    deliverable = DeliverableFactory(terms__committee=committee)
    look(client, committee, colleague.pk)
    url = reverse("committee:deliverable_edit", args=[committee.slug, deliverable.pk])

    answer = client.post(url, {"status": "in_progress"})

    deliverable.refresh_from_db()
    assert (answer.status_code, deliverable.status) == (403, "not_started")


def test_beginning_is_an_act_in_the_protocol(client, committee, secretary):
    look(client, committee, "citizen")

    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.actor_id) == ("view_as.started", secretary.pk)


@pytest.mark.parametrize("who", ["999999", "x", "-1"])
def test_nobody_there_to_look_through_is_404(client, committee, secretary, who):
    assert look(client, committee, who).status_code == 404


def test_right_ends_with_the_membership(client, committee, secretary):
    look(client, committee, "citizen")
    Membership.objects.filter(user=secretary).update(valid_from=day(-9), valid_to=day(-1))

    client.get("/was")

    assert SESSION_KEY not in client.session


@pytest.mark.parametrize("role", [Role.CHAIR, Role.MEMBER, Role.FOLLOW_GROUP])
def test_others_may_not_look(client, committee, role):
    client.force_login(person(committee, role))

    answers = [client.get(URL), look(client, committee, "citizen")]

    assert [answer.status_code for answer in answers] == [403, 403]


def test_one_can_log_out_while_looking_as_a_citizen(client, committee, secretary):
    look(client, committee, "citizen")

    client.post(reverse("account_logout"))

    assert "_auth_user_id" not in client.session
