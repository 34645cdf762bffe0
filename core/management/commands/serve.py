"""Web, worker and beat as one command: nothing to install, nothing left behind."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

PR_SET_PDEATHSIG = 1
# Web processes; the answer to a poll is short, so two are enough for a committee.
WORKERS = 2
GRACE_SECONDS = 30.0
QUICK_DEATH_SECONDS = 5.0
QUICK_DEATHS_ALLOWED = 3


@dataclass
class Child:
    """A process that is kept alive, until it dies at once several times in a row."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    quick_deaths: int = field(default=0)

    def start(self) -> None:
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            self.command,
            preexec_fn=_dying_with_parent(),  # noqa: PLW1509 - this process has no threads
            start_new_session=True,
        )

    def died_with(self) -> int | None:
        return self.process.poll() if self.process else None

    def is_hopeless(self) -> bool:
        quick = time.monotonic() - self.started < QUICK_DEATH_SECONDS
        self.quick_deaths = self.quick_deaths + 1 if quick else 0
        return self.quick_deaths >= QUICK_DEATHS_ALLOWED

    def stop(self, deadline: float) -> None:
        """Wait for the warm shutdown; what outlives the grace is killed with its children."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class Command(BaseCommand):
    help = "Run the web server, the worker and the clock together. Stop them with Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
        parser.add_argument("--workers", type=int, default=WORKERS, help="web processes")

    def handle(self, *_args: Any, host: str, port: int, workers: int, **_options: Any) -> None:
        _refuse_taken(host, port)
        stops = _note_signals()
        children = [Child("web", web_server(host, port, workers)), Child("worker", _worker())]
        for child in children:
            child.start()
        self.stdout.write(f"Udvalgsrum: http://{host}:{port}  (Ctrl-C stops it)")
        self.stdout.flush()
        try:
            self._watch(children, stops)
        finally:
            _stop(children)
        self.stdout.write("Stopped.")

    def _watch(self, children: list[Child], stops: list[int]) -> None:
        while not stops:
            for child in children:
                code = child.died_with()
                if code is not None and not stops:
                    self._revive(child, code)
            time.sleep(0.2)

    def _revive(self, child: Child, code: int) -> None:
        self.stderr.write(f"{child.name} stopped with {code}")
        if child.is_hopeless():
            raise CommandError(f"{child.name} dies as soon as it is started; see above.")
        time.sleep(1)
        child.start()


def web_server(host: str, port: int, workers: int) -> list[str]:
    """The command line of the web part alone."""
    return [
        *(sys.executable, "-m", "gunicorn", "config.wsgi:application"),
        *("--bind", f"{host}:{port}", "--workers", str(workers)),
        *("--graceful-timeout", "20", "--log-level", "warning", "--no-control-socket"),
    ]


def _worker() -> list[str]:
    return [
        *(sys.executable, "-m", "celery", "--quiet", "-A", "config", "worker", "-B"),
        *("--concurrency", "2", "--loglevel", "WARNING"),
        *("--without-gossip", "--without-mingle", "--without-heartbeat"),
        *("--hostname", f"serve-{os.getpid()}@localhost"),
    ]


def _refuse_taken(host: str, port: int) -> None:
    """Say it before two servers and a worker have started."""
    try:
        with socket.create_server((host, port)):
            return
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else "unknown address"
        raise CommandError(
            f"Cannot listen on {host}:{port} ({reason}). Choose another: --port N"
        ) from error


def _note_signals() -> list[int]:
    seen: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda received, _frame: seen.append(received))
    return seen


def _dying_with_parent() -> Callable[[], None] | None:
    """On Linux even `kill -9` of this command takes the children along."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    return lambda: libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _stop(children: list[Child]) -> None:
    for child in children:
        if child.process and child.died_with() is None:
            child.process.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + GRACE_SECONDS
    for child in children:
        child.stop(deadline)
