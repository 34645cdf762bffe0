"""Benchmarks of a test: one that holds, one that does not, one that waits, one that breaks."""

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.db import connection

from core.bench import BenchError, Outcome, benchmark
from core.models import AuditEntry


@benchmark("workshop_holds", target="as many as asked for")
def workshop_holds(pieces: int = 3) -> Outcome:
    """Say where it runs, and on what"""
    figures = {
        "pieces": pieces,
        "folder": str(settings.VAR_DIR),
        "database": str(connection.settings_dict["NAME"]),
        "rows_before": AuditEntry.objects.count(),
    }
    return Outcome(figures, holds=True)


@benchmark("workshop_misses", target="the impossible")
def workshop_misses() -> Outcome:
    """Miss a target"""
    return Outcome({"seconds": 7.5}, holds=False)


@benchmark("workshop_waits", target="patience")
def workshop_waits() -> Outcome:
    """Start a process, and wait"""
    started = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(120)"])
    try:
        mark = Path(os.environ["BENCH_MARK"])
        mark.with_suffix(".part").write_text(f"{started.pid} {settings.VAR_DIR}")
        mark.with_suffix(".part").rename(mark)
        started.wait()
    finally:
        started.terminate()
        started.wait()
    return Outcome({}, holds=True)


@benchmark("workshop_breaks", target="nothing")
def workshop_breaks() -> Outcome:
    """Break off"""
    raise BenchError("The workshop is closed.")
