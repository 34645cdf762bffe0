"""Benchmarks: every app registers its own in `benchmarks`, and each runs on data of its own.

`manage.py bench` starts itself again for each benchmark, with an empty folder and an empty
database. What the installation holds is never read or written.
"""

import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from inspect import signature
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules

# Names the scratch folder in the process that measures.
SCRATCH = "BENCH_SCRATCH"
# Seconds that a process which measures has to stop its web server.
PATIENCE = 40


class BenchError(Exception):
    """The benchmark could not be run; the message is a sentence for whoever asked for it."""


@dataclass(frozen=True)
class Outcome:
    """What was measured, by name, and whether that reaches the target."""

    figures: dict[str, Any]
    holds: bool


@dataclass(frozen=True)
class Benchmark:
    name: str
    target: str
    run: Callable[..., Outcome]

    @property
    def about(self) -> str:
        return (self.run.__doc__ or "").strip().splitlines()[0]

    @property
    def sizes(self) -> dict[str, float]:
        """How much is measured: the keyword parameters of the function with their defaults."""
        return {name: given.default for name, given in signature(self.run).parameters.items()}


REGISTRY: dict[str, Benchmark] = {}


def benchmark(name: str, *, target: str) -> Callable[[Callable[..., Outcome]], Any]:
    """Register a function under `name`. Its parameters are its sizes: numbers with defaults.

    It runs in a process of its own on an empty, migrated database.
    """

    def register(function: Callable[..., Outcome]) -> Callable[..., Outcome]:
        known = REGISTRY.setdefault(name, Benchmark(name, target, function))
        if known.run is not function:
            raise ValueError(f"two benchmarks named {name!r}")
        return function

    return register


def benchmarks() -> dict[str, Benchmark]:
    """All that the apps have registered, in the order of their names."""
    autodiscover_modules("benchmarks")
    return dict(sorted(REGISTRY.items()))


# Outside: a scratch installation, and a process that measures in it ------------------------


def measure(found: Benchmark, sizes: dict[str, float]) -> dict[str, Any]:
    """Run one benchmark in a scratch installation and return its result as plain data.

    Raises `BenchError` when it could not be run to its end.
    """
    with (
        tempfile.TemporaryDirectory(prefix="udvalgsrum-bench-") as folder,
        scratch_database() as database,
    ):
        out = Path(folder) / "result.json"
        command = [sys.executable, "manage.py", "bench", found.name, "--inside", str(out)]
        given = [f"--size={name}={value}" for name, value in sizes.items()]
        code = _run([*command, *given, "--skip-checks"], _environment(Path(folder), database))
        if code or not out.exists():
            raise BenchError(f"{found.name} stopped with exit code {code}; see above.")
        result: dict[str, Any] = json.loads(out.read_text())
        return result


def _run(command: list[str], env: dict[str, str]) -> int:
    """The exit code. Ended itself, it lets the process end what it has started before it goes."""
    with subprocess.Popen(command, cwd=settings.BASE_DIR, env=env) as process:
        try:
            return process.wait()
        except BaseException:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(PATIENCE)
            process.kill()
            raise


@contextmanager
def ending_tidily() -> Iterator[None]:
    """SIGTERM ends the block like an error, so that folders, databases and servers are cleared."""

    def end(number: int, _frame: Any) -> None:
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _environment(folder: Path, database: str) -> dict[str, str]:
    """Nothing of the installation but its settings module: no broker, mail or certificate."""
    module = os.environ.get("DJANGO_SETTINGS_MODULE", "")
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": module,
        "VAR_DIR": str(folder),
        SCRATCH: str(folder),
        "DATABASE_URL": database,
        "REDIS_URL": "",
        "EMAIL_URL": "",
        "SEAL_CERTIFICATE": "",
        "LOG_LEVEL": "ERROR",
        # The load comes from this machine, without TLS.
        "ALLOWED_HOSTS": "127.0.0.1",
        "SECURE_SSL_REDIRECT": "false",
    }


@contextmanager
def scratch_database() -> Iterator[str]:
    """The address of an empty database, gone afterwards; empty text means SQLite in VAR_DIR."""
    if connection.vendor != "postgresql":
        yield ""
        return
    name = f"udvalgsrum_bench_{uuid4().hex[:12]}"
    _on_server(f'CREATE DATABASE "{name}"')
    try:
        yield urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    finally:
        _on_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _on_server(statement: str) -> None:
    # A connection of its own, because a database is not made inside a transaction.
    fresh = connection.copy()
    try:
        with fresh.cursor() as cursor:
            cursor.execute(statement)
    finally:
        fresh.close()


# Inside: what the process in the scratch installation does ---------------------------------


def measure_here(found: Benchmark, sizes: dict[str, float], out: Path) -> None:
    """Migrate the scratch database, measure, write the result to `out`.

    Raises `BenchError` in any installation but one that `measure` has made.
    """
    if Path(os.environ.get(SCRATCH, "/nowhere")) != Path(settings.VAR_DIR):
        raise BenchError("Benchmarks run in a scratch installation only.")
    call_command("migrate", verbosity=0, skip_checks=True)
    load = os.getloadavg()[0]
    outcome = found.run(**sizes)
    result = {
        "name": found.name,
        "about": found.about,
        "target": found.target,
        "holds": outcome.holds,
        "figures": outcome.figures,
        "sizes": found.sizes | sizes,
        "at": timezone.now().isoformat(timespec="seconds"),
        "machine": machine() | {"load_before": round(load, 2)},
    }
    out.write_text(json.dumps(result, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def machine() -> dict[str, Any]:
    """What the figures were made on."""
    return {
        "cores": len(os.sched_getaffinity(0)),
        "processor": _processor(),
        "python": platform.python_version(),
        "database": _database(),
        "revision": _revision(),
    }


def _processor() -> str:
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.machine()


def _database() -> str:
    statement = (
        "SHOW server_version" if connection.vendor == "postgresql" else "SELECT sqlite_version()"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
        version = cursor.fetchone()[0]
    return f"{connection.vendor} {version.split()[0]}"


def _revision() -> str:
    """The commit of the code; empty where there is no git."""
    command = ["git", "describe", "--always", "--dirty"]
    try:
        done = subprocess.run(
            command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True, timeout=10
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()


def percentile(values: list[float], share: float) -> float:
    """The smallest value that at least `share` (0 to 1) of the values do not exceed."""
    ordered = sorted(values)
    if not ordered:
        return 0.0
    rank = -int(-share * len(ordered) // 1)
    return ordered[max(0, min(len(ordered), rank) - 1)]
