"""A text that is sent just after the login has expired comes back, also without JavaScript."""

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from core.kept import MOST_CHARACTERS, SESSION_KEY
from core.models import Draft
from meetings.models import ItemText
from tests.factories import PASSWORD
from tests.meetings.scenes import a_scene

pytestmark = pytest.mark.django_db
TYPED = "Skrevet, mens loginnet løb ud."


@pytest.fixture
def scene():
    return a_scene()


def edit_url(scene):
    return reverse("meetings:item_edit", args=[scene.meeting.pk, scene.opened.pk])


def expire(client, user):
    client.force_login(user)
    Session.objects.all().delete()


def log_in(client, user):
    return client.post("/log-ind/", {"login": user.email, "password": PASSWORD})


def test_text_sent_after_the_login_expired_is_a_draft_after_the_next_login(client, scene):
    expire(client, scene.secretary)

    answer = client.post(edit_url(scene), {"text-summary": TYPED, "base-summary": "1"})
    log_in(client, scene.secretary)
    page = client.get(edit_url(scene))

    assert answer["Location"].startswith("/log-ind/")
    assert TYPED in page.content.decode()
    assert Draft.objects.get().fields == {"summary": TYPED}
    assert ItemText.objects.get(item=scene.opened, key="summary").text == "Åbent resumé"
    assert SESSION_KEY not in client.session


def test_kept_text_waits_for_its_own_page(client, scene):
    expire(client, scene.secretary)
    client.post(edit_url(scene), {"text-summary": TYPED, "base-summary": "1"})
    log_in(client, scene.secretary)

    client.get(reverse("meetings:item_edit", args=[scene.meeting.pk, scene.closed.pk]))

    assert Draft.objects.count() == 0
    assert client.session[SESSION_KEY]["path"] == edit_url(scene)


def test_kept_text_is_no_draft_for_one_who_may_not_write_the_item(client, scene):
    expire(client, scene.secretary)
    client.post(edit_url(scene), {"text-summary": TYPED, "base-summary": "1"})
    log_in(client, scene.member)

    page = client.get(edit_url(scene))

    assert page.status_code == 404
    assert Draft.objects.count() == 0


@pytest.mark.parametrize(("visited", "text"), [(False, TYPED), (True, "x" * (MOST_CHARACTERS + 1))])
def test_nothing_is_kept_for_strangers_or_beyond_measure(client, scene, visited, text):
    if visited:
        expire(client, scene.secretary)

    client.post(edit_url(scene), {"text-summary": text})

    assert SESSION_KEY not in client.session
