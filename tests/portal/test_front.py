"""The front page, the accessibility statement and the login page."""

from datetime import date

import pytest
from django.core.management import call_command
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from committee.enums import Role
from demo.logins import logins
from meetings.enums import MeetingState
from meetings.selectors.approval import asked_members
from meetings.services.approval import answer_minutes
from meetings.services.minutes import lock_minutes, send_for_approval
from meetings.services.publication import ask_publication, publish_minutes
from portal.selectors.front import first_words
from tests.factories import (
    AgendaItemFactory,
    AttendanceFactory,
    CommitteeFactory,
    DeliverableFactory,
    ItemTextFactory,
    MeetingFactory,
    MunicipalityFactory,
    UserFactory,
    days,
    person,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def committee():
    return CommitteeFactory(question="Hvad skal vi?", summary="Kort sagt.\n\nOg mere.")


def published(committee):
    """Minutes with an open item and a closed one, published as the secretariat does it."""
    secretary = person(committee, Role.SECRETARIAT)
    meeting = MeetingFactory(
        committee=committee, state=MeetingState.MINUTES_DRAFT, starts_at=days(-7)
    )
    AttendanceFactory(meeting=meeting, member=person(committee, Role.MEMBER), status="present")
    opened = AgendaItemFactory(meeting=meeting, title="Ambitionen")
    closed = AgendaItemFactory(
        meeting=meeting, closed=True, title="Hemmelig", public_title="Et indkøb"
    )
    ItemTextFactory(item=opened, key="decision", text="Vedtaget som foreslået. Med en note.")
    ItemTextFactory(item=closed, key="decision", text="Fortrolig beslutning")
    ItemTextFactory(item=closed, key="public_decision", text="Udvalget traf en beslutning.")
    for item in (opened, closed):
        type(item).objects.filter(pk=item.pk).update(outcome="adopted")
    send_for_approval(meeting=meeting, by=secretary)
    for user in asked_members(meeting):
        answer_minutes(meeting=meeting, version=1, member=user, answer="approve", by=user)
    for service in (lock_minutes, ask_publication):
        meeting.refresh_from_db()
        service(meeting=meeting, by=secretary)
    publish_minutes(meeting=meeting, by=person(committee, Role.CHAIR))
    return meeting


def test_front_tells_what_the_body_is_about(client, committee):
    meeting = MeetingFactory(committee=committee, announced_at=days(-1), place="Salen")
    DeliverableFactory(terms__committee=committee, title="En ambition")

    page = client.get("/")
    for words in (
        "Hvad skal vi?",
        "Kort sagt.",
        "Salen",
        "En ambition",
        meeting.get_absolute_url(),
    ):
        assertContains(page, words)
    assertNotContains(page, "Og mere.")


def test_front_hides_a_meeting_that_is_not_announced(client, committee):
    meeting = MeetingFactory(committee=committee)

    assertNotContains(client.get("/"), meeting.get_absolute_url())


def test_front_shows_public_decisions_only(client, committee):
    meeting = published(committee)
    page = client.get("/")

    for words in (
        "Vedtaget som foreslået.",
        "Ambitionen",
        "Udvalget traf en beslutning.",
        "Et indkøb",
    ):
        assertContains(page, words)
    for words in ("Hemmelig", "Fortrolig", "Med en note"):
        assertNotContains(page, words)
    item = meeting.items.get(position=1)
    assert client.get(item.get_absolute_url()).status_code == 200


def test_front_shows_no_decision_of_a_body_that_is_not_public(client):
    published(CommitteeFactory(question="Hvad så?", is_public=False))

    page = client.get("/")
    assertNotContains(page, "Vedtaget som foreslået.")
    assertNotContains(page, "Hvad så?")


def test_front_links_to_nothing_that_is_not_there(client, committee):
    assertNotContains(client.get("/"), "/soeg/")


def test_front_works_in_an_empty_installation(client):
    assertContains(client.get("/"), reverse("account_login"))


def test_front_sends_those_who_log_in_to_their_work(client, committee):
    client.force_login(person(committee, Role.MEMBER))

    assert client.get("/").url == reverse("portal:my_work")


def test_work_pages_have_no_search_field_before_there_is_search(client, committee):
    client.force_login(person(committee, Role.MEMBER))

    assertNotContains(client.get(reverse("portal:my_work")), "/soeg/")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Vedtaget. Og mere.", "Vedtaget."),
        ("Mødet er den 3. december 2025. Slut.", "Mødet er den 3. december 2025."),
        ("**Godkendt** med `1 < 2`", "Godkendt med 1 < 2"),
        ("ord " * 100, "ord " * 34 + "ord …"),
    ],
)
def test_first_words_are_plain_and_short(text, words):
    assert first_words(text) == words


def test_was_goes_to_the_municipality_s_own_statement(client):
    CommitteeFactory(municipality=MunicipalityFactory(was_url="https://www.was.digst.dk/proeve"))

    assert client.get("/was").url == "https://www.was.digst.dk/proeve"


def test_was_tells_how_to_write_when_there_is_no_statement(client, committee):
    assertContains(client.get("/was"), committee.municipality.contact_email)


def test_login_names_no_logins_without_the_demo(client):
    UserFactory(username="sekretariat")

    page = client.get(reverse("account_login"))
    assert logins() == []
    assertNotContains(page, "demo-udvalgsrum")


def test_login_names_the_demo_s_logins(client):
    call_command("seed_demo", "--stage", "proposals", "--no-documents", verbosity=0)

    page = client.get(reverse("account_login"))
    for name in ("sekretariat", "borgermedlem", "demo-udvalgsrum"):
        assertContains(page, name)
    done = client.post(
        reverse("account_login"), {"login": "sekretariat", "password": "demo-udvalgsrum"}
    )
    assert done.status_code == 302


def test_front_says_when_the_mandate_was(client, committee):
    committee.mandate_from, committee.mandate_to = date(2020, 1, 2), date(2021, 3, 4)
    committee.save()

    assertContains(client.get("/"), "2020")
    assertContains(client.get("/"), "2021")
