"""The committee's pages: what each reader sees, and at what price."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from committee.enums import Role
from committee.models import Committee
from tests.factories import (
    CommitteeFactory,
    CouncilDecisionFactory,
    DeliverableEvidenceFactory,
    DeliverableFactory,
    MembershipFactory,
    RuleProfileFactory,
    SeatGroupFactory,
    ShelfFigureFactory,
    TermsOfReferenceFactory,
    TermsSectionFactory,
    day,
    person,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def committee():
    return CommitteeFactory(slug="udvalget", summary="Kort sagt.")


def read(client, committee, **query):
    response = client.get(reverse("committee:committee_page", args=[committee.slug]), query)
    assert response.status_code == 200
    return response.content.decode()


# Who sees which body ---------------------------------------------------------------------


@pytest.mark.parametrize("public", [True, False])
@pytest.mark.parametrize("who", ["citizen", "stranger", "former", *Role.values])
def test_committee_visible_to(public, who):
    committee = CommitteeFactory(is_public=public)
    user = AnonymousUser() if who == "citizen" else person(None)
    if who in Role.values:
        MembershipFactory(user=user, committee=committee, role=who)
    if who == "former":
        MembershipFactory(user=user, committee=committee, valid_to=day(-1))

    seen = Committee.objects.visible_to(user).filter(pk=committee.pk).exists()

    assert seen == (public or who in Role.values)


def without_tokens(response):
    """The page without its CSRF tokens, which are new on every page."""
    return re.sub(r"[A-Za-z0-9]{64}", "", response.content.decode())


def test_hidden_committee_answers_like_one_that_does_not_exist(client):
    hidden = CommitteeFactory(is_public=False, slug="aaaa")

    there = client.get(reverse("committee:committee_page", args=[hidden.slug]))
    nowhere = client.get(reverse("committee:committee_page", args=["bbbb"]))

    assert there.status_code == nowhere.status_code == 404
    assert without_tokens(there).replace("aaaa", "bbbb") == without_tokens(nowhere)


def test_hidden_parent_and_successor_are_not_named(client, committee):
    committee.parent = CommitteeFactory(is_public=False, name="Hemmeligt ophav")
    committee.save()
    CommitteeFactory(is_public=False, name="Hemmelig afløser", predecessor=committee)

    page = read(client, committee)

    assert "Hemmelig" not in page


# What the page says -------------------------------------------------------------------------


def test_page_shows_citizens_the_seated_and_insiders_the_rest(client, committee):
    member = person(committee, Role.MEMBER, name="Mette Medlem")
    for name, role in [("Sofus Sekretær", Role.SECRETARIAT), ("Frida Følger", Role.FOLLOW_GROUP)]:
        person(committee, role, name=name)

    citizen = read(client, committee)
    client.force_login(member)
    insider = read(client, committee)

    names = ["Mette Medlem", "Sofus Sekretær", "Frida Følger"]
    assert [name in citizen for name in names] == [True, False, False]
    assert [name in insider for name in names] == [True, True, True]
    assert 'id="h-follow"' in citizen


def test_page_shows_the_version_and_the_rules_asked_for(client, committee):
    old = TermsOfReferenceFactory(committee=committee)
    TermsSectionFactory(terms=old, text="Den gamle tekst")
    TermsSectionFactory(terms=TermsOfReferenceFactory(committee=committee), text="Den nye tekst")
    RuleProfileFactory(terms=old, label="gamle", valid_from=day(-90))
    RuleProfileFactory(terms=old, label="kommende", valid_from=day(90))
    url = reverse("committee:committee_page", args=[committee.slug])

    newest, earlier = read(client, committee), read(client, committee, version=1)

    assert ("Den nye tekst" in newest, "Den gamle tekst" in newest) == (True, False)
    assert ("Den nye tekst" in earlier, "Den gamle tekst" in earlier) == (False, True)
    assert "gamle" in newest
    assert "kommende" in read(client, committee, rules="kommende")
    for query in ({"version": "9"}, {"version": "x"}, {"rules": "ingen"}):
        assert client.get(url, query).status_code == 404


def test_page_of_an_empty_body_says_what_belongs_there(client):
    bare = CommitteeFactory(mandate_from=None, mandate_to=None)

    assert "h-shelf" in read(client, bare)


def fill(committee, count):
    terms = TermsOfReferenceFactory(committee=committee)
    group = SeatGroupFactory(terms=terms)
    for _number in range(count):
        MembershipFactory(committee=committee, seat_group=group)
        person(committee, Role.FOLLOW_GROUP)
    for _number in range(min(count, 5)):
        DeliverableEvidenceFactory(deliverable=DeliverableFactory(terms=terms))
        TermsSectionFactory(terms=terms)
        CouncilDecisionFactory(committee=committee)
        ShelfFigureFactory(document__committee=committee)
        RuleProfileFactory(terms=terms)


@pytest.mark.parametrize("who", ["citizen", "secretariat"])
def test_page_costs_the_same_for_1_3_and_300_members(client, who):
    costs = []
    for count in (1, 3, 300):
        committee = CommitteeFactory()
        fill(committee, count)
        if who == "secretariat":
            client.force_login(person(committee, Role.SECRETARIAT))
        read(client, committee)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            read(client, committee)
        costs.append(len(queries))

    assert costs == [costs[0]] * 3


# Home and choice ------------------------------------------------------------------------------


def test_home_goes_to_the_only_committee_or_lists_them(client, committee):
    home = reverse("committee:committee_home")

    alone = client.get(home)
    other = CommitteeFactory()
    listed = client.get(home)
    client.force_login(person(other, Role.MEMBER))
    own = client.get(home)

    assert (alone.url, listed.status_code) == (committee.get_absolute_url(), 200)
    assert own.url == other.get_absolute_url()


def test_choice_is_kept_and_goes_only_to_this_site(client, committee):
    other = CommitteeFactory()
    url = reverse("committee:choose_committee")

    away = client.post(url, {"committee": other.slug, "next": "https://evil.example/"})
    back = client.post(url, {"committee": other.slug, "next": "/was"})
    hidden = client.post(url, {"committee": CommitteeFactory(is_public=False).slug})
    home = client.get(reverse("committee:committee_home"))

    assert (away.url, back.url) == (other.get_absolute_url(), "/was")
    assert hidden.status_code == 404
    assert home.url == other.get_absolute_url()


# Deliverables -----------------------------------------------------------------------------------


def deliverable_url(deliverable):
    slug = deliverable.terms.committee.slug
    return reverse("committee:deliverable_edit", args=[slug, deliverable.pk])


def test_only_the_secretariat_opens_the_form(client, committee):
    deliverable = DeliverableFactory(terms__committee=committee)
    answers = {}
    for role in (Role.MEMBER, Role.SECRETARIAT):
        client.force_login(person(committee, role))
        answers[role] = client.get(deliverable_url(deliverable)).status_code
    client.logout()

    assert answers == {Role.MEMBER: 403, Role.SECRETARIAT: 200}
    assert client.get(deliverable_url(deliverable)).status_code == 302


def test_status_is_saved_with_evidence_and_errors_keep_the_text(client, committee):
    deliverable = DeliverableFactory(terms__committee=committee)
    client.force_login(person(committee, Role.SECRETARIAT))
    url = deliverable_url(deliverable)
    bad = client.post(url, {"status": "done", "title": "Mit referat", "url": "javascript:x"})
    bare = client.post(url, {"status": "done"})
    good = client.post(url, {"status": "done", "title": "Mit referat", "url": "/moeder/"})

    deliverable.refresh_from_db()
    assert (bad.status_code, bare.status_code, good.status_code) == (422, 422, 302)
    assert "Mit referat" in bad.content.decode()
    assert (deliverable.status, deliverable.evidence.count()) == ("done", 1)


def test_deliverable_of_an_earlier_version_is_history(client, committee):
    deliverable = DeliverableFactory(terms__committee=committee)
    TermsOfReferenceFactory(committee=committee)
    client.force_login(person(committee, Role.SECRETARIAT))

    assert client.get(deliverable_url(deliverable)).status_code == 404
