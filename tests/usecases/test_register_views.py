"""Saved views: whose they are, and that a shared link shows nobody more."""

import pytest

from tests.factories import person
from tests.usecases.scenes import a_scene, submit
from usecases.models import SavedView
from usecases.services.views import MOST_VIEWS, save_view

pytestmark = pytest.mark.django_db
BASE = "/forslag/visninger/"


def test_a_view_is_saved_named_shared_and_deleted_by_forms_alone(client):
    scene = a_scene()
    client.force_login(scene.again("member"))

    page = client.get(f"{BASE}ny/?liste=fagomraade%3Ddigital%26status%3Dpilot")
    assert 'value="status=pilot&amp;fagomraade=digital"' in page.content.decode()
    saved = client.post(
        f"{BASE}ny/", {"liste": "fagomraade=digital&status=pilot", "name": "  Mine   digitale "}
    )
    view = SavedView.objects.get()
    assert (view.name, view.query) == ("Mine digitale", "status=pilot&fagomraade=digital")
    assert saved["Location"] == f"/forslag/?{view.query}"
    assert 'aria-current="page"' in client.get(saved["Location"]).content.decode()

    client.post(f"{BASE}{view.pk}/ret/", {"name": "Delt", "is_shared": "on"})
    view.refresh_from_db()
    assert (view.name, view.is_shared) == ("Delt", True)
    assert "Delt" in client.get(BASE).content.decode()

    client.post(f"{BASE}{view.pk}/slet/")
    assert not SavedView.objects.exists()


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "digitale"])
def test_a_name_that_cannot_be_used_is_refused(client, name):
    scene = a_scene()
    save_view(name="Digitale", query="", by=scene.member)
    client.force_login(scene.again("member"))

    answer = client.post(f"{BASE}ny/", {"liste": "", "name": name})

    assert answer.status_code == 422
    assert SavedView.objects.count() == 1


def test_there_is_an_end_to_how_many(client):
    scene = a_scene()
    SavedView.objects.bulk_create(
        SavedView(owner=scene.member, name=f"Visning {n}") for n in range(MOST_VIEWS)
    )
    client.force_login(scene.again("member"))

    assert client.post(f"{BASE}ny/", {"name": "En til"}).status_code == 422


@pytest.mark.parametrize("shared", [False, True])
def test_who_opens_changes_and_deletes_a_view(client, shared):
    scene = a_scene()
    view = save_view(name="ZQVIEW", query="status=pilot", by=scene.member, is_shared=shared)
    for who, opens, changes in (
        ("member", 302, 200),
        ("secretary", 302 if shared else 404, 404),
        ("outsider", 302 if shared else 404, 404),
    ):
        client.force_login(scene.again(who))
        assert client.get(f"{BASE}{view.pk}/").status_code == opens, who
        assert client.get(f"{BASE}{view.pk}/ret/").status_code == changes, who
        if changes == 404:
            assert client.post(f"{BASE}{view.pk}/slet/").status_code == 404, who
            assert "ZQVIEW" not in client.get(BASE).content.decode()
            page = client.get(f"/forslag/?status=pilot&visning={view.pk}").content.decode()
            assert ("ZQVIEW" in page) == shared
    client.logout()
    assert client.get(f"{BASE}{view.pk}/")["Location"].startswith("/log-ind/")
    assert "ZQVIEW" not in client.get(f"/forslag/?visning={view.pk}").content.decode()


def test_a_shared_link_widens_nothing(client):
    scene = a_scene()
    submit(scene)
    view = save_view(name="Venter", query="status=submitted", by=scene.secretary, is_shared=True)
    for who, total in (("secretary", 1), ("outsider", 0)):
        client.force_login(scene.again(who))
        assert client.get(f"{BASE}{view.pk}/", follow=True).context["total"] == total


def test_what_is_saved_is_a_question_and_nothing_else():
    scene = a_scene()

    view = save_view(name="x", query="status=pilot&next=//evil&q=%00hej<b>", by=scene.member)

    assert view.query == "status=pilot&q=hej%3Cb%3E"
    assert list(SavedView.objects.of(person(None))) == []


def test_who_sees_as_a_member_sees_none_of_their_own_views():
    scene = a_scene()
    own = save_view(name="Min", query="status=pilot", by=scene.member)
    shared = save_view(name="Delt", query="status=pilot", by=scene.member, is_shared=True)
    lens = scene.again("member")
    lens.is_looked_through = True

    assert set(SavedView.objects.visible_to(scene.member)) == {own, shared}
    assert list(SavedView.objects.of(lens)) == []
    assert list(SavedView.objects.visible_to(lens)) == [shared]
