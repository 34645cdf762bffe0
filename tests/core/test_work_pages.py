"""The page of a long work: who sees what in each state, and what they can do there."""

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from core import outbox, works
from core.models import OutboxEntry, Work
from core.progress import progress_of
from tests.core.works_shop import KIND, Shop
from tests.factories import person
from tests.test_permissions import plain

pytestmark = pytest.mark.django_db
UNKNOWN = 999_999
STATES = ("queued", "retrying", "running", "done", "outdated", "failed", "cancelled")
POSTS = ("work_cancel", "work_dismiss", "work_retry")


class Scene:
    """A paper that was asked for, and people who stand differently to it."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.asker = person(None, name="Asker")
        # One whose access was taken away after they had asked.
        self.removed = person(None, name="Removed")
        self.reader = person(None, name="Reader")
        self.stranger = person(None, name="Stranger")
        self.work = shop.ask(self.asker)
        shop.ask(self.removed)
        shop.openers = {self.asker.pk, self.reader.pk}

    def bring_to(self, state: str) -> None:
        change = {"state": state, "done_at": timezone.now()}
        if state == "retrying":
            self.shop.make = lambda _work, _report: 1 / 0
            outbox.run(self.work.entry.pk)
        elif state == "running":
            lease = {"lease_token": "x", "lease_until": timezone.now()}
            self.change(state="running", step="My work", share=40, **lease)
        elif state == "done":
            outbox.run(self.work.entry.pk)
        elif state == "outdated":
            self.shop.make = lambda _work, _report: None
            outbox.run(self.work.entry.pk)
        elif state == "failed":
            self.change(cause="disk", last_error="OSError 28 hemmeligt", **change)
        elif state == "cancelled":
            self.change(**change)
        self.work.refresh_from_db()

    def change(self, **fields) -> None:
        OutboxEntry.objects.filter(key=self.work.outbox_key).update(**fields)

    def url(self, name="work_page"):
        return reverse(f"core:{name}", args=[self.work.pk])


@pytest.fixture
def scene(monkeypatch, settings):
    settings.WORK_MAIL_SECONDS = 0
    shop = Shop()
    monkeypatch.setitem(works.MAKERS, KIND, shop.maker())
    return Scene(shop)


def as_(client, who, scene):
    if who != "anonymous":
        client.force_login(getattr(scene, who))
    return client


def page(client, scene, **headers):
    return client.get(scene.url(), headers=headers).content.decode()


# Who × state ---------------------------------------------------------------------------

PAGE = {"anonymous": 302, "stranger": 404, "removed": 200, "reader": 200, "asker": 200}


@pytest.mark.parametrize("who", PAGE)
@pytest.mark.parametrize("state", STATES)
def test_page_is_for_those_who_asked_or_may_open_it(client, scene, who, state):
    scene.bring_to(state)

    answer = as_(client, who, scene).get(scene.url())

    assert answer.status_code == PAGE[who]
    shows_title = who in ("reader", "asker")
    assert ("Papir 1" in answer.content.decode()) == shows_title
    assert "hemmeligt" not in answer.content.decode()


@pytest.mark.parametrize(
    ("who", "status"),
    [("anonymous", 302), ("stranger", 404), ("removed", 403), ("reader", 200), ("asker", 200)],
)
def test_file_is_for_those_who_may_open_it_now(client, scene, who, status):
    scene.bring_to("done")

    answer = as_(client, who, scene).get(scene.url("work_file"))

    assert answer.status_code == status
    assert (answer.content == b"%PDF 1") == (status == 200)


@pytest.mark.parametrize(
    ("who", "statuses"),
    [
        ("anonymous", [302, 302, 302]),
        ("stranger", [404, 404, 404]),
        # Who tries again waits for it from then on.
        ("reader", [403, 403, 302]),
        ("removed", [302, 302, 403]),
        ("asker", [302, 302, 302]),
    ],
)
def test_acts_are_for_those_who_asked(client, scene, who, statuses):
    as_(client, who, scene)

    assert [client.post(scene.url(name)).status_code for name in POSTS] == statuses
    assert [client.get(scene.url(name)).status_code for name in POSTS] == (
        [302] * 3 if who == "anonymous" else [405] * 3
    )


def test_page_of_others_is_like_an_unknown_one(client, scene):
    client.force_login(scene.stranger)
    unknown = reverse("core:work_page", args=[UNKNOWN])

    answers = [plain(client.get(url), url) for url in (scene.url(), unknown)]

    assert answers[0] == answers[1]


def test_kind_that_nobody_makes_any_more_is_opened_by_nobody(client, scene):
    scene.bring_to("done")
    Work.objects.update(kind="shop.gone")
    client.force_login(scene.asker)

    assert client.get(scene.url()).status_code == 200
    assert client.get(scene.url("work_file")).status_code == 403


# What the page says --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "polls", "offers", "keeps_back"),
    [
        ("queued", True, ["work_cancel"], ["work_file", "work_retry", "work_dismiss"]),
        ("retrying", True, ["work_cancel"], ["work_file", "work_retry", "work_dismiss"]),
        ("running", True, ["work_cancel"], ["work_file", "work_retry", "work_dismiss"]),
        ("done", False, ["work_file", "work_dismiss"], ["work_cancel", "work_retry"]),
        ("outdated", False, ["work_retry", "work_dismiss"], ["work_cancel", "work_file"]),
        ("failed", False, ["work_retry", "work_dismiss"], ["work_cancel", "work_file"]),
        ("cancelled", False, ["work_retry", "work_dismiss"], ["work_cancel", "work_file"]),
    ],
)
def test_page_offers_what_the_state_allows(client, scene, state, polls, offers, keeps_back):
    scene.bring_to(state)
    client.force_login(scene.asker)

    found = page(client, scene)

    assert ('hx-trigger="load delay:2s"' in found) == polls
    assert [name for name in offers if scene.url(name) in found] == offers
    assert [name for name in keeps_back if scene.url(name) in found] == []


def test_running_page_tells_step_and_share_in_danish(client, scene):
    scene.bring_to("running")
    client.force_login(scene.asker)

    found = page(client, scene)

    assert "Mit arbejde" in found
    assert 'aria-label="40 %"' in found


def test_done_page_tells_size_and_hash(client, scene):
    scene.bring_to("done")
    client.force_login(scene.asker)

    found = page(client, scene)

    assert scene.work.file.sha256 in found
    assert "papir-1.pdf" in found


def test_poll_gets_the_part_only(client, scene):
    client.force_login(scene.asker)

    found = page(client, scene, hx_request="true")

    assert found.lstrip().startswith('<section id="progress"')
    assert "<html" not in found


# What one does there -------------------------------------------------------------------


def test_pdf_opens_in_the_browser_and_downloads_when_asked(client, scene):
    scene.bring_to("done")
    client.force_login(scene.reader)

    shown = client.get(scene.url("work_file"))["Content-Disposition"]
    kept = client.get(scene.url("work_file") + "?hent=1")["Content-Disposition"]

    assert shown == 'inline; filename="papir-1.pdf"'
    assert kept == 'attachment; filename="papir-1.pdf"'


def test_other_files_are_never_shown_in_the_browser(client, scene):
    scene.shop.make = lambda _work, _report: works.Made(b"<html>", "x.html", "text/html")
    scene.bring_to("done")
    client.force_login(scene.reader)

    assert client.get(scene.url("work_file"))["Content-Disposition"].startswith("attachment")


def test_file_that_is_not_made_leads_to_its_page(client, scene):
    client.force_login(scene.asker)

    assert client.get(scene.url("work_file"))["Location"] == scene.url()


def test_lost_access_works_on_the_next_request(client, scene):
    scene.bring_to("done")
    client.force_login(scene.asker)
    assert client.get(scene.url("work_file")).status_code == 200

    scene.shop.openers.clear()

    assert client.get(scene.url("work_file")).status_code == 403


@pytest.mark.parametrize(("method", "left"), [("get", []), ("head", ["asker"])])
def test_opened_file_leaves_my_work(client, scene, method, left):
    scene.bring_to("done")
    client.force_login(scene.asker)

    getattr(client, method)(scene.url("work_file"))

    assert ["asker" for _one in works.awaited_by(scene.asker)] == left


def test_retry_makes_it_and_tells(client, scene, drain_outbox):
    scene.bring_to("failed")
    client.force_login(scene.asker)

    client.post(scene.url("work_retry"))
    drain_outbox()

    assert progress_of(Work.objects.get()).state == "done"
    assert len([m for m in mail.outbox if scene.asker.email in m.to[0]]) == 1


def test_retry_of_what_runs_changes_nothing(client, scene):
    scene.bring_to("running")
    client.force_login(scene.asker)

    client.post(scene.url("work_retry"))

    assert progress_of(scene.work).share == 40


def test_cancelling_goes_on_for_the_others(client, scene):
    client.force_login(scene.asker)

    answer = client.post(scene.url("work_cancel"), follow=True)

    assert answer.redirect_chain[-1][0] == reverse("portal:my_work")
    assert progress_of(scene.work).state == "queued"


def test_last_one_who_cancels_stops_it(client, scene):
    for who in (scene.removed, scene.asker):
        client.force_login(who)
        client.post(scene.url("work_cancel"))

    assert progress_of(scene.work).state == "cancelled"


def test_dismissed_work_keeps_its_file(client, scene):
    scene.bring_to("done")
    client.force_login(scene.asker)

    client.post(scene.url("work_dismiss"))

    assert works.awaited_by(scene.asker) == []
    assert client.get(scene.url("work_file")).status_code == 200


# “My work” -----------------------------------------------------------------------------


@pytest.mark.parametrize("state", [one for one in STATES if one != "retrying"])
def test_my_work_shows_what_was_asked_for(client, scene, state):
    scene.bring_to(state)
    client.force_login(scene.asker)

    found = client.get(reverse("portal:my_work")).content.decode()

    assert scene.url() in found
    assert (scene.url("work_dismiss") in found) == (state not in ("queued", "running"))


def test_my_work_of_others_says_nothing(client, scene):
    for who in (scene.reader, scene.removed):
        client.force_login(who)
        assert scene.url() not in client.get(reverse("portal:my_work")).content.decode()


def test_my_work_costs_the_same_for_many(client, scene, django_assert_num_queries):
    """One query asks what was asked for, one how far it is."""
    for number in range(2, 7):
        scene.shop.ask(scene.asker, number)

    from portal.selectors.documents import asked_for

    with django_assert_num_queries(2):
        rows = list(asked_for(scene.asker))

    assert len(rows) == 6


def test_who_looks_through_anothers_eyes_does_not_see_what_they_wait_for(scene):
    from portal.selectors.documents import asked_for

    scene.asker.is_looked_through = True

    assert list(asked_for(scene.asker)) == []
