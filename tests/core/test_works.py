"""Long works: asked for once, made once, told once; what fails, says why and leaves nothing."""

import errno
import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.utils import timezone, translation
from django.utils.translation import gettext

from core import outbox, works
from core.models import OutboxEntry, StoredFile, Work, WorkAsker
from core.progress import progress_of, start_over
from core.steps import step, step_words
from tests.core.works_shop import KIND, Shop, paper
from tests.factories import person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def shop(monkeypatch, settings):
    settings.WORK_MAIL_SECONDS = 0
    shop = Shop()
    monkeypatch.setitem(works.MAKERS, KIND, shop.maker())
    return shop


@pytest.fixture
def ada():
    return person(None, name="Ada")


@pytest.fixture
def bo():
    return person(None, name="Bo")


def fail_with(error):
    def make(_work, _report):
        raise error

    return make


def exhaust(work):
    """Try until the outbox gives up."""
    for _attempt in range(5):
        OutboxEntry.objects.filter(key=work.outbox_key).update(available_at=timezone.now())
        outbox.run(work.entry.pk)


def state(work):
    work.refresh_from_db()
    return progress_of(work).state


def mails():
    return [(message.to[0], message.subject) for message in mail.outbox]


def ready(title):
    """The subject of the mail, in the language of mails."""
    with translation.override("da"):
        return gettext("Ready: %(title)s") % {"title": title}


def files_on_disk(settings):
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


# Asking and making ---------------------------------------------------------------------


def test_same_key_is_made_once_for_all_who_ask(shop, ada, bo, drain_outbox):
    first, second = shop.ask(ada), shop.ask(bo)

    drain_outbox()
    first.refresh_from_db()

    assert first == second
    assert shop.made == [first.pk]
    assert first.file.read() == b"%PDF 1"
    assert first.made_at is not None
    assert first.askers.count() == 2


def test_asking_for_what_is_made_makes_nothing(shop, ada, bo, drain_outbox):
    work = shop.ask(ada)
    drain_outbox()

    shop.ask(bo)
    drain_outbox()

    assert shop.made == [work.pk]
    assert [to for to, _subject in mails()] == [f"Ada <{ada.email}>"]
    assert [one.work for one in works.awaited_by(bo)] == [work]


def test_unknown_kind_is_refused(ada):
    with pytest.raises(KeyError):
        works.request_work(kind="shop.nobody", key="x", title="X", params={}, by=ada)


def test_work_without_a_person_is_made_and_told_to_nobody(shop, drain_outbox):
    work = works.request_work(kind=KIND, key="x", title="X", params={"n": 1}, by=None)

    drain_outbox()

    assert state(work) == "done"
    assert mails() == []


def test_worker_that_comes_second_keeps_the_first_file(shop, ada):
    work = shop.ask(ada)

    def overtaken(work, report):
        made = paper(work, report)
        shop.make = paper
        works.do_work({"work": work.pk}, report)
        return made

    shop.make = overtaken
    outbox.run(work.entry.pk)
    work.refresh_from_db()

    assert work.file == StoredFile.objects.order_by("pk").first()
    assert OutboxEntry.objects.filter(kind=works.MAIL).count() == 1


def test_outdated_work_has_no_file_and_can_be_asked_for_again(shop, ada, drain_outbox):
    shop.make = lambda _work, _report: None
    work = shop.ask(ada)
    drain_outbox()
    assert state(work) == "outdated"

    shop.make = paper
    shop.ask(ada)
    drain_outbox()

    assert state(work) == "done"


# Steps ---------------------------------------------------------------------------------


def test_step_is_read_in_the_readers_language():
    kept = step("%(n)s of %(total)s pages", n=3, total=12)

    assert step_words(kept) == "3 of 12 pages"
    assert "3" in kept
    with translation.override("da"):
        assert step_words(step("My work")) == "Mit arbejde"


@pytest.mark.parametrize("kept", ["", "\t", "%(n)s of %(total)s\tn=3", "%(n)s\tn"])
def test_step_that_was_cut_is_left_out(kept):
    assert step_words(kept) == ""


def test_step_takes_numbers_only():
    with pytest.raises(ValueError, match="invalid literal"):
        step("%(title)s", title="hemmeligt")


def test_running_work_tells_step_and_share(shop, ada):
    seen = []

    def make(work, report):
        report(step("%(n)s of %(total)s pages", n=1, total=4), 25)
        seen.append(progress_of(work))
        return paper(work, report)

    shop.make = make
    outbox.run(shop.ask(ada).entry.pk)

    [found] = seen
    assert (found.state, found.step, found.share) == ("running", "1 of 4 pages", 25)


# Failing -------------------------------------------------------------------------------


def test_full_disk_leaves_nothing_and_says_why(shop, ada, settings, monkeypatch):
    """The disk is full when the bytes are to be made durable, after most of them were written."""
    work = shop.ask(ada)

    def full(_handle):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    outbox.run(work.entry.pk)

    assert files_on_disk(settings) == []
    assert StoredFile.objects.count() == 0
    found = progress_of(work)
    assert (found.state, found.cause) == ("queued", "disk")
    assert str(found.reason) == "There is no room on the server's disk."
    assert found.next_try > timezone.now()

    monkeypatch.undo()
    OutboxEntry.objects.update(available_at=timezone.now())
    monkeypatch.setitem(works.MAKERS, KIND, shop.maker())
    outbox.drain()
    work.refresh_from_db()
    assert work.file.read() == b"%PDF 1"


def test_maker_that_raises_fails_in_words_without_its_message(shop, ada, drain_outbox):
    shop.make = fail_with(ValueError("hemmeligt om Bodil"))
    work = shop.ask(ada)

    exhaust(work)
    drain_outbox()

    found = progress_of(work)
    assert (found.state, found.cause) == ("failed", "other")
    [message] = mail.outbox
    assert "Papir 1" in message.subject
    for text in (message.body, str(found.reason), work.entry.last_error):
        assert "Bodil" not in text


def test_failure_is_mailed_once_and_again_after_another_try(shop, ada, drain_outbox):
    shop.make = fail_with(ValueError)
    work = shop.ask(ada)
    exhaust(work)
    drain_outbox()
    outbox.sweep()
    assert len(mail.outbox) == 1

    OutboxEntry.objects.filter(kind=works.MAIL).update(key="a while ago")
    assert start_over(work)
    exhaust(work)
    drain_outbox()

    assert len(mail.outbox) == 2


def test_worker_that_always_dies_is_told_of(shop, ada, drain_outbox):
    work = shop.ask(ada)
    OutboxEntry.objects.update(
        state="running",
        attempts=1,
        deaths=outbox.MAX_DEATHS,
        lease_token="dead",
        lease_until=timezone.now() - timedelta(seconds=1),
    )

    outbox.sweep()
    drain_outbox()

    assert progress_of(work).cause == "worker"
    assert [to for to, _subject in mails()] == [f"Ada <{ada.email}>"]


def test_failure_that_was_mended_before_the_mail_is_not_mailed(shop, ada, settings, drain_outbox):
    settings.WORK_MAIL_SECONDS = 60
    shop.make = fail_with(ValueError)
    work = shop.ask(ada)
    exhaust(work)

    shop.make = paper
    start_over(work)
    drain_outbox()
    OutboxEntry.objects.update(available_at=timezone.now())
    drain_outbox()

    assert [subject for _to, subject in mails()] == [ready("Papir 1")]


# Cancelling ----------------------------------------------------------------------------


def test_cancelled_before_it_began_is_never_made(shop, ada, drain_outbox):
    work = shop.ask(ada)

    assert works.cancel_work(work, by=ada) is True
    drain_outbox()

    assert (state(work), shop.made) == ("cancelled", [])
    assert works.awaited_by(ada) == []


def test_running_work_stops_at_its_next_report(shop, ada, settings):
    reached = []

    def make(work, report):
        report("First", 10)
        works.cancel_work(work, by=ada)
        report("Second", 20)
        reached.append(work)
        return paper(work, report)

    shop.make = make
    work = shop.ask(ada)
    outbox.run(work.entry.pk)

    assert (state(work), reached, mails()) == ("cancelled", [], [])
    assert files_on_disk(settings) == []


def test_cancelled_while_it_is_being_finished_keeps_nothing(shop, ada, settings):
    def make(work, report):
        works.cancel_work(work, by=ada)
        return paper(work, report)

    shop.make = make
    work = shop.ask(ada)
    outbox.run(work.entry.pk)

    assert state(work) == "cancelled"
    assert files_on_disk(settings) == []


def test_one_who_cancels_does_not_stop_the_others(shop, ada, bo, drain_outbox):
    work = shop.ask(ada)
    shop.ask(bo)

    assert works.cancel_work(work, by=ada) is False
    drain_outbox()

    assert state(work) == "done"
    assert [to for to, _subject in mails()] == [f"Bo <{bo.email}>"]


def test_cancelled_work_is_made_when_asked_for_again(shop, ada, drain_outbox):
    work = shop.ask(ada)
    works.cancel_work(work, by=ada)

    shop.ask(ada)
    drain_outbox()

    assert state(work) == "done"
    assert len(mails()) == 1


# Mail ----------------------------------------------------------------------------------


def test_mail_is_sent_once_to_each_who_waits(shop, ada, bo, drain_outbox):
    work = shop.ask(ada)
    shop.ask(bo)
    drain_outbox()
    works.do_work({"work": work.pk}, lambda _step, _share: None)
    drain_outbox()

    assert sorted(mails()) == [
        (f"Ada <{ada.email}>", ready("Papir 1")),
        (f"Bo <{bo.email}>", ready("Papir 1")),
    ]
    assert work.get_absolute_url() in mail.outbox[0].body


def test_no_mail_to_one_who_has_opened_it(shop, ada, settings, drain_outbox):
    settings.WORK_MAIL_SECONDS = 60
    work = shop.ask(ada)
    drain_outbox()
    works.put_aside(work, by=ada)

    OutboxEntry.objects.update(available_at=timezone.now())
    drain_outbox()

    assert mails() == []


@pytest.mark.parametrize("lost", ["access", "account"])
def test_no_mail_to_one_who_may_not_open_it(shop, ada, settings, drain_outbox, lost):
    settings.WORK_MAIL_SECONDS = 60
    shop.ask(ada)
    drain_outbox()
    if lost == "access":
        shop.openers.clear()
    else:
        type(ada).objects.filter(pk=ada.pk).update(is_active=False)

    OutboxEntry.objects.update(available_at=timezone.now())
    drain_outbox()

    assert mails() == []


# “My work” -----------------------------------------------------------------------------


def test_awaited_is_what_was_asked_for_and_not_opened(shop, ada, bo, drain_outbox):
    opened, other = shop.ask(ada, 1), shop.ask(bo, 2)
    mine = shop.ask(ada, 3)
    drain_outbox()
    works.put_aside(opened, by=ada)

    assert [one.work for one in works.awaited_by(ada)] == [mine]
    assert [one.work for one in works.awaited_by(bo)] == [other]


def test_awaited_that_may_not_be_opened_is_left_out(shop, ada):
    shop.ask(ada)
    shop.openers.clear()

    assert works.awaited_by(ada) == []


def test_awaited_costs_two_queries(shop, ada, drain_outbox, django_assert_num_queries):
    shop.ask(ada, 1)
    drain_outbox()
    for number in range(2, 6):
        shop.ask(ada, number)

    with django_assert_num_queries(2):
        states = [one.progress.state for one in works.awaited_by(ada)]

    assert states == ["queued"] * 4 + ["done"]


def test_asker_stays_when_the_file_is_put_aside(shop, ada, drain_outbox):
    work = shop.ask(ada)
    drain_outbox()
    works.put_aside(work, by=ada)
    shop.ask(ada)

    assert WorkAsker.objects.get(work=work, person=ada).seen_at is not None
    assert Work.objects.count() == 1
