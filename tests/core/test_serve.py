"""`manage.py serve`: one command, real processes, nothing left behind."""

import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.conftest import free_port, wait_until

ROOT = Path(__file__).resolve().parents[2]


def alive_in(marker: str) -> list[int]:
    """Processes that were started with this marker in their environment."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            # A zombie has ended; it only waits to be counted.
            is_zombie = b") Z " in (folder / "stat").read_bytes()
            if marker.encode() in (folder / "environ").read_bytes() and not is_zombie:
                found.append(int(folder.name))
        except (OSError, ValueError):
            continue
    return found


class Served:
    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.marker = f"SERVE_TEST={folder}"
        name, value = self.marker.split("=", 1)
        self.env = {
            **os.environ,
            name: value,
            "VAR_DIR": str(folder),
            "DJANGO_SETTINGS_MODULE": "tests.core.workshop.settings",
            "DATABASE_URL": "",
            "REDIS_URL": "",
        }
        migrate = ["migrate", "core", "--skip-checks", "--verbosity", "0"]
        subprocess.run([sys.executable, "manage.py", *migrate], cwd=ROOT, env=self.env, check=True)
        self.process = self.serve()

    def serve(self) -> subprocess.Popen:
        command = [sys.executable, "manage.py", "serve", "--port", str(self.port), "--workers", "1"]
        return subprocess.Popen(
            [*command, "--skip-checks"],
            cwd=ROOT,
            env=self.env,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(
                f"http://127.0.0.1:{self.port}/static/serve.txt", timeout=5
            ) as answer:
                return answer.status == 200
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False

    def pids(self, word: str) -> list[int]:
        return [pid for pid in alive_in(self.marker) if word in _command(pid)]

    def both_run(self) -> bool:
        # The worker is ready when its clock and its two processes stand beside it.
        return self.answers() and len(self.pids("celery")) >= 4


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


@pytest.fixture
def served(tmp_path):
    served = Served(tmp_path)
    yield served
    for pid in alive_in(served.marker):
        os.kill(pid, signal.SIGKILL)
    served.process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serve_stops_cleanly(served, number):
    wait_until(served.both_run)
    served.process.send_signal(number)
    out, _err = served.process.communicate(timeout=40)

    assert served.process.returncode == 0
    assert f"http://127.0.0.1:{served.port}" in out
    assert alive_in(served.marker) == []


def test_serve_starts_a_dead_child_again(served):
    wait_until(served.both_run)
    before = set(served.pids("gunicorn") + served.pids("celery"))
    for pid in before:
        os.kill(pid, signal.SIGKILL)

    wait_until(served.both_run)

    assert served.process.poll() is None
    assert not before & set(served.pids("gunicorn") + served.pids("celery"))


def test_serve_killed_takes_its_children_along(served):
    wait_until(served.both_run)
    served.process.kill()
    served.process.communicate(timeout=10)

    wait_until(lambda: alive_in(served.marker) == [], seconds=30)


def test_serve_says_that_the_port_is_taken(served):
    wait_until(served.answers)
    second = served.serve()
    _out, err = second.communicate(timeout=30)

    assert second.returncode == 1
    assert f"Cannot listen on 127.0.0.1:{served.port} (Address already in use)" in err
