"""The outbox with real workers and real brokers that are killed, stopped and broken."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import wait_until

ROOT = Path(__file__).resolve().parents[2]
ENQUEUE = """
import sys, time, django
from pathlib import Path
django.setup()
for broken in sys.argv[2:]:
    Path(broken).rmdir()
    Path(broken).write_text("in the way")
from django.db import transaction
from core import outbox
start = time.monotonic()
for number in range(int(sys.argv[1])):
    with transaction.atomic():
        outbox.enqueue(kind="workshop.make", key=f"piece-{number}", payload={"number": number})
print(time.monotonic() - start)
"""
RACE = """
import django
django.setup()
from core import outbox
print(sum(outbox.run(pk) for pk in range(1, 6)))
"""


class Installation:
    """An embedded installation of its own: database, broker and a worker that can be killed."""

    def __init__(self, folder: Path) -> None:
        self.var = folder / "var"
        self.made = folder / "made"
        self.made.mkdir()
        self.queue = self.var / "broker" / "queue"
        self.env = {
            **os.environ,
            "VAR_DIR": str(self.var),
            "WORKSHOP_DIR": str(self.made),
            "DJANGO_SETTINGS_MODULE": "tests.core.workshop.settings",
            "DATABASE_URL": "",
            "REDIS_URL": "",
        }
        self.worker: subprocess.Popen | None = None
        self.python("manage.py", "migrate", "core", "--skip-checks", "--verbosity", "0")

    def python(self, *arguments: str) -> str:
        command = [sys.executable, *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=self.env, check=True, capture_output=True, text=True
        ).stdout

    def enqueue(self, count: int, *, break_folder: Path | None = None) -> float:
        """Seconds it took; `break_folder` is made unusable after the start."""
        broken = [str(break_folder)] if break_folder else []
        return float(self.python("-c", ENQUEUE, str(count), *broken))

    def start_worker(self) -> None:
        options = ["--concurrency", "2", "-B", "--without-gossip", "--without-mingle"]
        command = [sys.executable, "-m", "celery", "-A", "config", "worker", *options]
        with (self.var / "worker.log").open("a") as log:
            self.worker = subprocess.Popen(
                command, cwd=ROOT, env=self.env, stdout=log, stderr=log, start_new_session=True
            )

    def kill_worker(self) -> None:
        if self.worker:
            os.killpg(self.worker.pid, signal.SIGKILL)
            self.worker.wait()
        self.worker = None

    def states(self) -> dict[str, int]:
        with sqlite3.connect(self.var / "udvalgsrum.sqlite3", timeout=20) as database:
            rows = database.execute("SELECT state, count(*) FROM core_outboxentry GROUP BY state")
            return dict(rows.fetchall())

    def is_in_the_middle(self, *, after: int) -> bool:
        """Both processes have begun a piece that is not made yet."""
        made, begun = len(self.pieces()), len(self.attempts())
        return made >= after and begun == made + 2

    def pieces(self) -> list[int]:
        return sorted(int(path.read_text()) for path in self.made.glob("piece-*"))

    def attempts(self) -> list[str]:
        log = self.made / "attempts"
        return log.read_text().split() if log.exists() else []


@pytest.fixture
def installation(tmp_path):
    installation = Installation(tmp_path)
    yield installation
    installation.kill_worker()


def test_killed_worker_loses_and_doubles_nothing(installation):
    installation.enqueue(10)
    installation.start_worker()
    wait_until(lambda: installation.is_in_the_middle(after=3))
    installation.kill_worker()
    assert installation.states().get("running", 0) > 0

    installation.start_worker()
    wait_until(lambda: installation.states() == {"done": 10}, seconds=40)

    assert installation.pieces() == list(range(10))
    # What was in hand when the worker died was begun again, and nothing else.
    assert 10 < len(installation.attempts()) <= 12


def test_unwritable_broker_delays_the_work_but_not_the_request(installation):
    seconds = installation.enqueue(5, break_folder=installation.queue)

    assert seconds < 2
    assert installation.states() == {"queued": 5}

    installation.queue.unlink()
    installation.start_worker()
    wait_until(lambda: installation.states() == {"done": 5}, seconds=40)
    assert sorted(installation.attempts()) == [str(number) for number in range(5)]


def test_stopped_redis_delays_the_work_but_not_the_request(installation, redis_server):
    installation.env["REDIS_URL"] = redis_server.url
    redis_server.stop()
    seconds = installation.enqueue(5)

    assert seconds < 2.5
    assert installation.states() == {"queued": 5}

    redis_server.start()
    installation.start_worker()
    wait_until(lambda: installation.states() == {"done": 5}, seconds=40)
    assert installation.pieces() == list(range(5))


def test_broker_that_never_answers_costs_about_a_second(installation):
    with socket.create_server(("127.0.0.1", 0)) as mute:
        installation.env["REDIS_URL"] = f"redis://127.0.0.1:{mute.getsockname()[1]}/0"
        seconds = installation.enqueue(10)

    assert seconds < 2.5
    assert installation.states() == {"queued": 10}


def test_same_delivery_to_many_processes_has_one_effect(installation):
    installation.enqueue(5)
    command = [sys.executable, "-c", RACE]
    racers = [
        subprocess.Popen(command, cwd=ROOT, env=installation.env, stdout=subprocess.PIPE, text=True)
        for _delivery in range(4)
    ]
    ran = sum(int(racer.communicate()[0]) for racer in racers)

    assert ran == 5
    assert len(installation.attempts()) == 5
    assert installation.states() == {"done": 5}
