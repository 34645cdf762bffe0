"""The outbox in one process: keys, attempts, leases, progress, races."""

import errno
import sqlite3
import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone

from core import outbox
from core.documents import DocumentError
from core.models import OutboxCause, OutboxEntry
from core.models.outbox import OutboxState

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def calls(monkeypatch):
    """A handler of kind "note" that notes its payloads."""
    seen = []
    monkeypatch.setitem(outbox.HANDLERS, "note", lambda payload, _report: seen.append(payload))
    return seen


def queue(key="a", kind="note", **payload):
    return outbox.enqueue(kind=kind, key=key, payload=payload, by=7)


def make_due(entry):
    OutboxEntry.objects.filter(pk=entry.pk).update(available_at=timezone.now())


def test_enqueue_same_key_is_same_entry(calls):
    first = queue(id=1)
    second = queue(id=1)

    outbox.drain()

    assert first == second
    assert calls == [{"id": 1}]


def test_enqueue_rolls_back_with_the_transaction(calls):
    with transaction.atomic():
        queue()
        transaction.set_rollback(True)

    assert OutboxEntry.objects.count() == 0


@pytest.mark.parametrize("value", ["x" * 101, {"text": "a"}, 1.5, ["x" * 101]])
def test_enqueue_refuses_text_in_payload(value):
    with pytest.raises(TypeError):
        queue(text=value)


def test_enqueue_accepts_ids(calls):
    queue(id=1, ids=[1, 2], part="minutes-public", none=None)

    assert outbox.drain() == 1


def test_run_settles_entry(calls):
    entry = queue(id=1)

    assert outbox.run(entry.pk) is True
    entry.refresh_from_db()

    assert (entry.state, entry.attempts, entry.share) == (OutboxState.DONE, 1, 100)
    assert entry.is_settled
    assert entry.created_by == 7


def test_run_of_settled_entry_does_nothing(calls):
    entry = queue()

    answers = [outbox.run(entry.pk) for _delivery in range(5)]

    assert answers == [True, False, False, False, False]
    assert len(calls) == 1


def test_run_waits_for_available_at(calls):
    entry = queue()
    OutboxEntry.objects.update(available_at=timezone.now() + timedelta(minutes=1))

    assert outbox.run(entry.pk) is False
    assert outbox.drain() == 0


def test_failure_is_tried_again_with_longer_waits(monkeypatch):
    def fail(_payload, _report):
        raise ValueError("the secret text of a closed item")

    monkeypatch.setitem(outbox.HANDLERS, "note", fail)
    entry = queue()
    waits = []
    for _attempt in range(5):
        make_due(entry)
        outbox.run(entry.pk)
        entry.refresh_from_db()
        waits.append(round((entry.available_at - timezone.now()).total_seconds(), -1))

    assert waits == [10, 40, 160, 640, 0]
    assert (entry.state, entry.attempts) == (OutboxState.FAILED, 5)
    assert entry.last_error.startswith("ValueError\n  test_outbox.py:")
    assert "secret" not in entry.last_error


def test_failure_of_connection_keeps_its_code(monkeypatch):
    def fail(_payload, _report):
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setitem(outbox.HANDLERS, "note", fail)
    entry = queue()
    outbox.run(entry.pk)
    entry.refresh_from_db()

    assert entry.last_error.splitlines()[0] == "ConnectionRefusedError 111 Connection refused"


def test_unknown_kind_is_a_failure_like_any_other():
    entry = queue(kind="nobody.does.this")

    outbox.run(entry.pk)
    entry.refresh_from_db()

    assert (entry.state, entry.attempts) == (OutboxState.QUEUED, 1)
    assert entry.last_error.startswith("KeyError")


def test_requeue_starts_a_settled_entry_over(calls):
    entry = queue(id=1)
    outbox.drain()

    assert outbox.requeue(entry) is True
    assert outbox.requeue(entry) is False
    outbox.drain()

    assert calls == [{"id": 1}, {"id": 1}]


def test_report_shows_progress(monkeypatch):
    seen = []

    def work(payload, report):
        report("Page 3 of 9", 33)
        seen.append(OutboxEntry.objects.values_list("step", "share").get(pk=payload["id"]))

    monkeypatch.setitem(outbox.HANDLERS, "note", work)
    entry = queue()
    OutboxEntry.objects.update(payload={"id": entry.pk})
    outbox.drain()

    assert seen == [("Page 3 of 9", 33)]


def test_cancel_stops_a_running_handler_at_its_next_report(monkeypatch):
    steps = []

    def work(payload, report):
        steps.append("one")
        outbox.cancel(OutboxEntry.objects.get(pk=payload["id"]))
        report("two", 50)
        steps.append("two")

    monkeypatch.setitem(outbox.HANDLERS, "note", work)
    entry = queue()
    OutboxEntry.objects.update(payload={"id": entry.pk})
    outbox.drain()
    entry.refresh_from_db()

    assert steps == ["one"]
    assert entry.state == OutboxState.CANCELLED
    assert outbox.cancel(entry) is False


def abandon(entry, *, deaths=0):
    """Leave the entry as a killed worker leaves it."""
    OutboxEntry.objects.filter(pk=entry.pk).update(
        state=OutboxState.RUNNING,
        attempts=1,
        deaths=deaths,
        lease_token="of the dead",
        lease_until=timezone.now() - timedelta(seconds=1),
    )


def test_sweep_takes_over_an_expired_lease(calls):
    entry = queue()
    abandon(entry)

    assert outbox.sweep() == 1
    entry.refresh_from_db()

    assert (entry.state, entry.attempts, entry.deaths) == (OutboxState.DONE, 1, 1)


def test_sweep_leaves_a_living_lease_alone(calls):
    entry = queue()
    abandon(entry)
    OutboxEntry.objects.update(lease_until=timezone.now() + timedelta(seconds=30))

    assert outbox.sweep() == 0


def test_sweep_gives_up_what_kills_every_worker(calls):
    entry = queue()
    abandon(entry, deaths=outbox.MAX_DEATHS)

    assert outbox.sweep() == 0
    entry.refresh_from_db()

    assert (entry.state, entry.cause, calls) == (OutboxState.FAILED, OutboxCause.WORKER, [])


def test_orphan_goes_behind_what_waits(calls):
    """An entry that kills every worker must not keep the others from theirs."""
    orphan = queue("orphan", id=1)
    abandon(orphan)
    queue("waits", id=2)

    outbox._claim(orphan.pk, "of one who dies, too")
    OutboxEntry.objects.filter(pk=orphan.pk).update(lease_until=timezone.now())

    assert [entry.key for entry in OutboxEntry.objects.claimable()] == ["waits", "orphan"]


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "disk"),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), "disk"),
        (MemoryError(), "memory"),
        (FileNotFoundError(errno.ENOENT, "No such file"), "missing"),
        (DocumentError(["a missing picture"]), "content"),
        (ValueError("secret"), "other"),
    ],
)
def test_failure_has_a_cause_for_everybody(monkeypatch, error, cause):
    def fail(_payload, _report):
        raise error

    monkeypatch.setitem(outbox.HANDLERS, "note", fail)
    entry = queue()
    outbox.run(entry.pk)
    entry.refresh_from_db()

    assert entry.cause == cause


def test_full_database_is_a_full_disk():
    error = OperationalError("database or disk is full")
    error.__cause__ = sqlite3.OperationalError("database or disk is full")
    error.__cause__.sqlite_errorname = "SQLITE_FULL"

    assert outbox._cause(error) == "disk"


@pytest.fixture
def given_up(monkeypatch):
    """The payloads that a kind's own function was told of."""
    told = []
    monkeypatch.setitem(outbox.FAILED, "note", told.append)
    monkeypatch.setitem(outbox.HANDLERS, "note", lambda _payload, _report: 1 / 0)
    return told


def test_given_up_entry_is_told_of_once(given_up):
    entry = queue(id=1)
    for _attempt in range(5):
        assert given_up == []
        make_due(entry)
        outbox.run(entry.pk)

    assert given_up == [{"id": 1}]


def test_buried_entry_is_told_of(given_up):
    abandon(queue(id=1), deaths=outbox.MAX_DEATHS)

    outbox.sweep()
    outbox.sweep()

    assert given_up == [{"id": 1}]


def test_telling_that_fails_stops_nothing(monkeypatch, calls):
    def fail(_payload):
        OutboxEntry.objects.create(key="half", kind="note")
        raise RuntimeError

    monkeypatch.setitem(outbox.FAILED, "note", fail)
    entry = queue(id=1)
    abandon(entry, deaths=outbox.MAX_DEATHS)

    outbox.sweep()
    entry.refresh_from_db()

    assert entry.state == OutboxState.FAILED
    assert not OutboxEntry.objects.filter(key="half").exists()


def test_enqueue_with_wait_is_done_later(calls):
    entry = outbox.enqueue(kind="note", key="a", payload={"id": 1}, wait=timedelta(minutes=1))

    assert outbox.drain() == 0
    make_due(entry)
    assert outbox.drain() == 1


def test_a_worker_that_lost_its_lease_changes_nothing(monkeypatch):
    def work(payload, _report):
        OutboxEntry.objects.filter(pk=payload["id"]).update(lease_token="another worker")

    monkeypatch.setitem(outbox.HANDLERS, "note", work)
    entry = queue()
    OutboxEntry.objects.update(payload={"id": entry.pk})
    outbox.run(entry.pk)
    entry.refresh_from_db()

    assert (entry.state, entry.lease_token) == (OutboxState.RUNNING, "another worker")


def test_drain_does_what_handlers_queue(monkeypatch, calls):
    monkeypatch.setitem(outbox.HANDLERS, "chain", lambda _payload, _report: queue("next", id=2))
    queue("first", kind="chain")

    assert outbox.drain() == 2
    assert calls == [{"id": 2}]


def test_two_handlers_for_one_kind_are_refused(calls):
    with pytest.raises(ValueError, match="two handlers"):
        outbox.handler("note")(lambda _payload, _report: None)


@pytest.mark.parametrize(
    "change",
    [
        {"state": "lost"},
        {"share": 101},
        {"attempts": 6},
        {"state": "running"},
        {"state": "done"},
        {"lease_token": "x"},
    ],
)
def test_constraints_refuse_impossible_rows(change):
    entry = queue()

    with pytest.raises(IntegrityError), transaction.atomic():
        OutboxEntry.objects.filter(pk=entry.pk).update(**change)


@pytest.mark.django_db(transaction=True)
def test_two_workers_claim_one_wins(calls):
    """Only a real server races: SQLite in memory is one connection shared by all threads."""
    if connection.vendor == "sqlite":
        pytest.skip("needs two connections")
    for number in range(20):
        entry = queue(f"race-{number}", id=number)
        start, answers = threading.Barrier(2), []

        def claim(pk=entry.pk, start=start, answers=answers):
            start.wait()
            answers.append(outbox.run(pk))
            connection.close()

        threads = [threading.Thread(target=claim) for _worker in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(answers) == [False, True]

    assert sorted(call["id"] for call in calls) == list(range(20))


@pytest.mark.django_db(transaction=True)
def test_heartbeat_keeps_the_lease(monkeypatch, settings):
    if connection.vendor == "sqlite":
        pytest.skip("needs two connections")
    settings.OUTBOX_LEASE_SECONDS = 0.4
    release, stolen = threading.Event(), []
    monkeypatch.setitem(outbox.HANDLERS, "note", lambda _payload, _report: release.wait(1.5))
    entry = queue()

    worker = threading.Thread(target=lambda: (outbox.run(entry.pk), connection.close()))
    worker.start()
    for _look in range(10):
        release.wait(0.1)
        stolen.append(OutboxEntry.objects.filter(lease_until__lt=timezone.now()).exists())
    release.set()
    worker.join()
    entry.refresh_from_db()

    assert not any(stolen)
    assert entry.state == OutboxState.DONE
