"""The outbox is the truth, Celery only the doorbell.

`enqueue` writes a row in the business transaction; after the commit it rings Celery.
A bell that nobody heard (dead broker, killed worker) costs time, never the work: the sweeper
finds the row. A bell heard twice is harmless: one worker wins the claim. A handler can still
run again after a crash, so its effect must be the same the second time.
"""

import datetime
import errno
import logging
import threading
import time
import traceback
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from celery import current_app
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules

from core.models.outbox import SETTLED, OutboxCause, OutboxEntry, OutboxQuerySet, OutboxState

logger = logging.getLogger(__name__)

BELL_SECONDS = 1.0
"""How long a request waits for the broker, and no more."""
SILENCE_SECONDS = 10.0
"""After a bell that did not ring, this process leaves the broker alone for a while."""
FIRST_RETRY = datetime.timedelta(seconds=10)
LAST_RETRY = datetime.timedelta(hours=1)
MAX_DEATHS = 20
"""A worker dies when a machine is restarted, too; an entry that kills every worker ends here."""
BATCH = 20
LONGEST_TEXT_IN_PAYLOAD = 100


class Report(Protocol):
    """Tells how far a handler is, and raises `Cancelled` when it should stop."""

    def __call__(self, step: str, share: int, /) -> None: ...


Payload = dict[str, Any]
Handler = Callable[[Payload, Report], None]
HANDLERS: dict[str, Handler] = {}
FAILED: dict[str, Callable[[Payload], None]] = {}
_silent_until = 0.0


class Cancelled(Exception):
    """The entry was cancelled, or another worker took it over."""


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Register the function that does `kind`. Handlers live in the `tasks.py` of their app."""

    def register(function: Handler) -> Handler:
        if HANDLERS.setdefault(kind, function) is not function:
            raise ValueError(f"two handlers for {kind!r}")
        return function

    return register


def when_failed(
    kind: str,
) -> Callable[[Callable[[Payload], None]], Callable[[Payload], None]]:
    """Register what happens, in the same transaction, when an entry of `kind` is given up."""

    def register(function: Callable[[Payload], None]) -> Callable[[Payload], None]:
        FAILED[kind] = function
        return function

    return register


# Writing ---------------------------------------------------------------------------


@transaction.atomic
def enqueue(
    *,
    kind: str,
    key: str,
    payload: Payload,
    by: int | None = None,
    wait: datetime.timedelta = datetime.timedelta(),
) -> OutboxEntry:
    """Write an entry in the caller's transaction; the same `key` again is the same entry.

    It is done after `wait`, or as soon as a worker is free.
    """
    _refuse_text(payload)
    new: Payload = {"kind": kind, "payload": payload, "created_by": by}
    new["available_at"] = timezone.now() + wait
    entry, _created = OutboxEntry.objects.get_or_create(key=key, defaults=new)
    if entry.state == OutboxState.QUEUED and not wait:
        _ring_after_commit(entry)
    return entry


@transaction.atomic
def requeue(entry: OutboxEntry) -> bool:
    """Start a settled entry over. False when it is already waiting or running."""
    fresh = {"attempts": 0, "deaths": 0, "available_at": timezone.now(), "done_at": None}
    words = {"step": "", "share": 0, "cause": "", "last_error": ""}
    settled = OutboxEntry.objects.filter(pk=entry.pk, state__in=SETTLED)
    changed = settled.update(state=OutboxState.QUEUED, **fresh, **words)
    entry.refresh_from_db()
    if changed:
        _ring_after_commit(entry)
    return bool(changed)


def cancel(entry: OutboxEntry) -> bool:
    """Stop an entry that is not settled; one that runs stops at its next report."""
    changed = OutboxEntry.objects.filter(pk=entry.pk).exclude(state__in=SETTLED)
    cancelled = changed.update(**_settled(OutboxState.CANCELLED))
    entry.refresh_from_db()
    return bool(cancelled)


def _refuse_text(payload: Payload) -> None:
    """Ids only: the queue is seen by administrators and outlives the texts."""
    for name, value in payload.items():
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, str) and len(part) <= LONGEST_TEXT_IN_PAYLOAD:
                continue
            if not isinstance(part, int | None):
                raise TypeError(f"{name!r} in an outbox payload is not an id")


# Ringing ---------------------------------------------------------------------------


def _ring_after_commit(entry: OutboxEntry) -> None:
    transaction.on_commit(partial(ring, entry.pk), robust=True)


def ring(entry_id: int) -> bool:
    """Wake a worker. A broker that is down or hangs costs one log line and about a second."""
    global _silent_until  # noqa: PLW0603 - one memory per process is what is wanted
    if time.monotonic() < _silent_until:
        return False
    heard = threading.Event()
    bell = threading.Thread(target=_send, args=(entry_id, heard), daemon=True)
    bell.start()
    bell.join(BELL_SECONDS)
    if heard.is_set():
        return True
    _silent_until = time.monotonic() + SILENCE_SECONDS
    logger.warning("The broker does not answer; the sweeper will do outbox entry %s", entry_id)
    return False


def _send(entry_id: int, heard: threading.Event) -> None:
    try:
        current_app.send_task(
            "core.tasks.run_entry", args=(entry_id,), retry=False, ignore_result=True
        )
    except Exception as error:  # noqa: BLE001 - whatever the transport raises, the row is safe
        logger.info("The doorbell did not ring: %s", type(error).__name__)
    else:
        heard.set()


# Running ---------------------------------------------------------------------------


def run(entry_id: int) -> bool:
    """Do one entry here and now. False when it is not due or another worker has it."""
    token = uuid.uuid4().hex
    if not _claim(entry_id, token):
        return False
    entry = OutboxEntry.objects.get(pk=entry_id)
    try:
        with _heartbeat(entry_id, token):
            _handler_of(entry.kind)(entry.payload, partial(_report, entry_id, token))
    except Cancelled:
        logger.info("Outbox entry %s was cancelled", entry_id)
    except Exception as error:  # noqa: BLE001 - a handler may fail in any way
        _postpone(entry, token, error)
    else:
        _settle(entry_id, token)
    return True


def sweep(*, seconds: float = 60) -> int:
    """Do what is due, for at most about `seconds`; returns how many entries were run."""
    _bury()
    return _run_due(until=time.monotonic() + seconds)


def drain() -> int:
    """Do everything that is due in this process, and what that brings; for commands and tests."""
    return _run_due(until=float("inf"))


def _run_due(*, until: float) -> int:
    count = 0
    while due := list(OutboxEntry.objects.claimable().values_list("pk", flat=True)[:BATCH]):
        ran = 0
        for pk in due:
            if time.monotonic() >= until:
                return count + ran
            ran += run(pk)
        count += ran
        if not ran:
            break
    return count


def _bury() -> None:
    """An entry whose workers died every time is not tried for ever."""
    for entry in _worn_out()[:BATCH]:
        change = {"cause": OutboxCause.WORKER, "last_error": "The worker died in every attempt."}
        _give_up(entry, _worn_out().filter(pk=entry.pk), change)


def _worn_out() -> OutboxQuerySet:
    used_up = Q(state=OutboxState.QUEUED, attempts__gte=F("max_attempts"))
    return OutboxEntry.objects.claimable().filter(used_up | Q(deaths__gte=MAX_DEATHS))


def _claim(entry_id: int, token: str) -> bool:
    """An orphan of a worker that died goes on in the same attempt, behind what waited then."""
    hold = {"state": OutboxState.RUNNING, "lease_token": token, "lease_until": _lease_end()}
    hold |= {"step": "", "share": 0, "available_at": timezone.now()}
    due = OutboxEntry.objects.claimable().filter(pk=entry_id, deaths__lt=MAX_DEATHS)
    waiting = due.filter(state=OutboxState.QUEUED, attempts__lt=F("max_attempts"))
    orphaned = due.filter(state=OutboxState.RUNNING)
    return bool(
        waiting.update(attempts=F("attempts") + 1, **hold)
        or orphaned.update(deaths=F("deaths") + 1, **hold)
    )


def _lease_end() -> datetime.datetime:
    return timezone.now() + datetime.timedelta(seconds=_lease_seconds())


def _lease_seconds() -> float:
    return float(getattr(settings, "OUTBOX_LEASE_SECONDS", 45))


def _handler_of(kind: str) -> Handler:
    if kind not in HANDLERS:
        autodiscover_modules("tasks")
    return HANDLERS[kind]


@contextmanager
def _heartbeat(entry_id: int, token: str) -> Iterator[None]:
    """Keep the lease while the handler works, however long that takes."""
    stop = threading.Event()
    thread = threading.Thread(target=_beat, args=(entry_id, token, stop), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _beat(entry_id: int, token: str, stop: threading.Event) -> None:
    while not stop.wait(_lease_seconds() / 4):
        try:
            OutboxEntry.objects.held_by(entry_id, token).update(lease_until=_lease_end())
        except DatabaseError as error:
            logger.warning("Heartbeat of outbox entry %s: %s", entry_id, type(error).__name__)
        finally:
            connection.close()


def _report(entry_id: int, token: str, step: str, share: int, /) -> None:
    held = OutboxEntry.objects.held_by(entry_id, token)
    percent = max(0, min(100, share))
    if not held.update(step=step[:200], share=percent, lease_until=_lease_end()):
        raise Cancelled


# Settling --------------------------------------------------------------------------


def _settled(state: OutboxState) -> Payload:
    return {"state": state, "done_at": timezone.now(), "lease_until": None, "lease_token": ""}


def _settle(entry_id: int, token: str) -> None:
    held = OutboxEntry.objects.held_by(entry_id, token)
    done = _settled(OutboxState.DONE) | {"cause": "", "last_error": ""}
    if not held.update(share=100, step="", **done):
        logger.info("Outbox entry %s was taken over while it ran", entry_id)


def _postpone(entry: OutboxEntry, token: str, error: Exception) -> None:
    """Queue again with a longer and longer wait, until the attempts are used up."""
    what = _describe(error)
    logger.warning("Outbox entry %s (%s) failed: %s", entry.pk, entry.kind, what.splitlines()[0])
    held = OutboxEntry.objects.held_by(entry.pk, token)
    told = {"cause": _cause(error), "last_error": what}
    if entry.attempts >= entry.max_attempts:
        _give_up(entry, held, told)
        return
    wait = min(FIRST_RETRY * 4 ** (entry.attempts - 1), LAST_RETRY)
    again = {"state": OutboxState.QUEUED, "available_at": timezone.now() + wait}
    held.update(**told, **again, lease_until=None, lease_token="")


@transaction.atomic
def _give_up(entry: OutboxEntry, rows: OutboxQuerySet, change: Payload) -> None:
    """Settle as failed, and tell whoever has asked to be told of this kind."""
    if not rows.update(**change, **_settled(OutboxState.FAILED)):
        return
    try:
        with transaction.atomic():
            _handler_of(entry.kind)
            FAILED.get(entry.kind, lambda _payload: None)(entry.payload)
    except Exception:  # a failure that nobody hears of must not stop the others
        logger.exception("Nobody was told that outbox entry %s failed", entry.pk)


def _cause(error: BaseException) -> str:
    """A word for everybody. An exception may bring its own as `outbox_cause`."""
    if own := getattr(error, "outbox_cause", ""):
        return str(own)
    if getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT) or _is_full(error.__cause__):
        return OutboxCause.DISK
    if isinstance(error, MemoryError):
        return OutboxCause.MEMORY
    return OutboxCause.MISSING if isinstance(error, FileNotFoundError) else OutboxCause.OTHER


def _is_full(error: BaseException | None) -> bool:
    """Does the database say that its disk is full? SQLite has a name for it, PostgreSQL a code."""
    name = getattr(error, "sqlite_errorname", "") or getattr(error, "sqlstate", "")
    return name in ("SQLITE_FULL", "53100")


def _describe(error: Exception) -> str:
    """Where it went wrong. Never the message: it may quote the text of a closed item."""
    codes = (getattr(error, name, None) for name in ("smtp_code", "errno", "strerror"))
    first = " ".join(str(part) for part in (type(error).__name__, *codes) if part is not None)
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    lines = [f"  {Path(f.filename).name}:{f.lineno} {f.name}" for f in reversed(frames)]
    return "\n".join([first, *lines])
