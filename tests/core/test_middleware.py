"""What every request and answer passes through."""

import re
from datetime import UTC, datetime, timedelta
from time import time

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver

from core.htmx import keep_login
from core.middleware import SlidingSessionMiddleware
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.shop")]
HX = {"HX-Request": "true"}


@pytest.fixture
def insider(client):
    client.force_login(UserFactory())
    return client


# How long a login lasts -------------------------------------------------------------------

POLL = HX | {"If-None-Match": '"0123"'}
EARLIER = datetime(2026, 1, 1, tzinfo=UTC)


def used_again(client, **headers):
    """Ask for a page; did that move the end of the login?"""
    Session.objects.update(expire_date=EARLIER + timedelta(days=36500))
    client.get("/shop/private/", headers=headers)
    return Session.objects.get().expire_date < EARLIER + timedelta(days=36500)


def test_every_real_request_moves_the_end_of_the_login(insider):
    assert [used_again(insider), used_again(insider, **HX)] == [True, True]


def test_poll_writes_no_session(insider):
    insider.get("/shop/private/")

    with CaptureQueriesContext(connection) as asked:
        answer = insider.get("/shop/private/", headers=POLL)

    assert answer.content == b"privat"
    assert [row["sql"] for row in asked if row["sql"].startswith(("UPDATE", "INSERT"))] == []
    assert settings.SESSION_COOKIE_NAME not in answer.cookies
    assert not used_again(insider, **POLL)


@pytest.mark.parametrize(("hours", "renewed"), [(0.9, False), (1.1, True)])
def test_poll_of_what_goes_on_renews_the_login_when_half_of_it_is_used(rf, hours, renewed):
    request = rf.get("/", headers=POLL)
    request.session = SessionStore()
    request.session["used_at"] = time() - hours * 3600
    request.session.save()
    request.session.modified = False
    keep_login(request)

    answer = SlidingSessionMiddleware(lambda _: HttpResponse()).process_response(
        request, HttpResponse()
    )

    assert (settings.SESSION_COOKIE_NAME in answer.cookies) is renewed


def test_visitor_gets_no_session(client):
    client.get("/shop/public/")

    assert not Session.objects.exists()


# Login by default -------------------------------------------------------------------------


def test_page_needs_a_login(client):
    answer = client.get("/shop/private/?a=1")

    assert answer.status_code == 302
    assert answer["Location"] == "/log-ind/?next=/shop/private/%3Fa%3D1"


def test_fragment_sends_to_the_login_and_back_to_the_page(client):
    headers = HX | {"HX-Current-URL": "http://testserver/moeder/3/?side=2"}

    answer = client.get("/shop/private/", headers=headers)

    assert (answer.status_code, "Location" in answer) == (200, False)
    assert answer["HX-Redirect"] == "/log-ind/?next=/moeder/3/%3Fside%3D2"


@pytest.mark.parametrize(
    "where", ["", "https://evil.example/moeder/3/", "http://testserver.evil/x"]
)
def test_foreign_page_is_not_returned_to(client, where):
    answer = client.get("/shop/private/", headers=HX | {"HX-Current-URL": where})

    assert answer["HX-Redirect"] == "/log-ind/?next=/"


def test_boosted_link_goes_to_the_login_like_a_link(client):
    answer = client.get("/shop/private/", headers=HX | {"HX-Boosted": "true"})

    assert (answer.status_code, "HX-Redirect" in answer) == (302, False)


def test_logged_in_comes_through(insider):
    assert insider.get("/shop/private/").content == b"privat"


def open_addresses(patterns, prefix=""):
    """Addresses that need no login."""
    for entry in patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from open_addresses(entry.url_patterns, route)
        elif isinstance(entry, URLPattern) and not getattr(entry.callback, "login_required", True):
            yield route


@pytest.mark.urls("config.urls")
def test_what_is_open_is_meant_to_be():
    """A new open page must be written down here, with a thought about what it shows."""
    found = set(open_addresses(get_resolver().url_patterns))
    closed = {route for route in found if any(word in route for word in SECRET_WORDS)}

    assert closed == set()


# Words in addresses of work; none of these may be open.
SECRET_WORDS = ["rediger", "kladde", "/ret/", "fjern", "flyt", "udsend", "aflys", "protokol",
                "offentliggoer", "traek-tilbage", "nyt/", "orden/", "godkend", "aendringer",
                "deltagere", "mit-arbejde", "vis-som", "skift", "inhabil"]  # fmt: skip


# Fragments and pages ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [{}, HX | {"HX-Boosted": "true"}, HX | {"HX-History-Restore-Request": "true"}],
    ids=["page", "boosted", "restored"],
)
def test_full_page_shows_messages_in_their_place(client, headers):
    answer = client.get("/shop/page/", headers=headers).content.decode()

    assert "<html" in answer
    assert answer.count("Hej med dig") == 1
    assert "hx-swap-oob" not in answer


def test_fragment_carries_its_messages_out_of_band(client):
    answer = client.get("/shop/part/", headers=HX).content.decode()

    assert answer.startswith("<p>Del</p>")
    assert answer.count("Hej med dig") == 1
    assert '<div hx-swap-oob="innerHTML:#messages">' in answer
    assert "Hej med dig" not in client.get("/moeder/").content.decode()


def test_page_that_answers_a_fragment_request_shows_its_messages_once(client):
    answer = client.get("/shop/page/", headers=HX).content.decode()

    assert answer.count("Hej med dig") == 1


def test_message_before_a_redirect_waits_for_the_page(insider):
    answer = insider.post("/shop/", {"word": "x"}, headers=HX)

    assert answer["HX-Redirect"] == "/shop/1/"
    assert b"Hej" not in answer.content
    assert "Købt 1" in insider.get("/shop/page/").content.decode()


def test_fragment_and_page_are_kept_apart_by_caches(client):
    assert "HX-Request" in client.get("/shop/page/")["Vary"]


# The domain's errors ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("403", "Kun formanden kan godkende dagsordenen."),
        ("409", "Punktet er allerede afsluttet."),
        ("422", "Skriv en begrundelse."),
    ],
)
@pytest.mark.parametrize("logged_in", [True, False])
def test_error_is_a_page_with_its_sentence(client, kind, sentence, logged_in):
    if logged_in:
        client.force_login(UserFactory())

    answer = client.get(f"/shop/fail/{kind}/")

    assert answer.status_code == int(kind)
    assert "<html" in answer.content.decode()
    assert answer.content.decode().count(sentence) == 1


@pytest.mark.parametrize("kind", ["403", "409", "422"])
def test_error_of_a_fragment_is_only_its_sentence(client, kind):
    answer = client.get(f"/shop/fail/{kind}/", headers=HX)

    assert answer.status_code == int(kind)
    assert "<html" not in answer.content.decode()
    assert 'hx-swap-oob="innerHTML:#messages"' in answer.content.decode()
    assert answer["HX-Reswap"] == "none"


@pytest.mark.parametrize("kind", ["403", "409", "422"])
def test_page_that_says_no_gives_back_what_was_typed(insider, kind):
    sent = {"reason": "Mine  <b>ord", "again": "Mine  <b>ord", "state": "parked", "_once": "a b"}

    page = insider.post(f"/shop/fail/{kind}/", sent | {"password1": "to ord"}).content.decode()

    assert page.count("Mine  &lt;b&gt;ord</textarea>") == 1
    assert page.count("<textarea") == 1


def test_forged_form_is_refused_with_a_sentence():
    client = Client(enforce_csrf_checks=True)
    client.force_login(UserFactory())

    answer = client.post("/shop/", {"word": "x"})

    assert answer.status_code == 403
    assert "<html" in answer.content.decode()


def test_what_does_not_exist_looks_like_what_may_not_be_seen(client):
    one, other = client.get("/moeder/999999/"), client.get("/moeder/999998/")

    assert (one.status_code, other.status_code) == (404, 404)
    # The form's token is another each time, also for the same address.
    bodies = [re.sub(r"\b\w{64}\b", "", answer.content.decode()) for answer in (one, other)]
    assert bodies[0].replace("999999", "") == bodies[1].replace("999998", "")


# Headers --------------------------------------------------------------------------------------

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@pytest.mark.parametrize("address", ["/", "/moeder/", "/log-ind/", "/shop/fail/403/", "/nowhere/"])
def test_every_answer_has_the_security_headers(client, address):
    answer = client.get(address)

    assert {name: answer[name] for name in HEADERS} == HEADERS
    assert "camera=()" in answer["Permissions-Policy"]
    parts = answer["Content-Security-Policy"].split(";")
    policy = dict(part.strip().split(" ", 1) for part in parts)
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert "unsafe" not in answer["Content-Security-Policy"]


def test_page_for_one_person_is_not_kept(insider, client):
    assert insider.get("/moeder/")["Cache-Control"] == "no-store"


def test_public_page_may_be_kept(client):
    assert "no-store" not in client.get("/moeder/").get("Cache-Control", "")


def test_nul_is_answered_with_a_page_and_reaches_no_view(insider):
    asked = [
        insider.get("/forslag/?q=a%00b"),
        insider.get("/forslag/foreslaa/status/a%00b/"),
        insider.post("/forslag/lignende/", {"title": "a\0b"}),
        insider.post("/forslag/lignende/", {"a\0b": "title"}),
        Client().get("/log-ind/?next=%00"),
    ]

    assert [answer.status_code for answer in asked] == [400, 400, 400, 400, 400]
    assert "ur-error-400" in asked[0].content.decode()
