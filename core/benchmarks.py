"""What the mechanisms of the core promise."""

import io
import subprocess
import sys
import time
from collections.abc import Callable

from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from core import audit
from core.bench import Outcome, benchmark
from core.models import OutboxEntry


@benchmark("verify_protocol", target="10,000 audit rows in under 2 s")
def verify_protocol(rows: int = 10_000) -> Outcome:
    """Prove the protocol chain, as `manage.py verify_protocol` does"""
    with transaction.atomic():
        for number in range(rows):
            # What a typical act records: a handful of ids, numbers and a hash.
            data = {"version": number, "from": "issued", "sha256": audit.GENESIS}
            audit.record("bench.act", OutboxEntry(pk=number), by=None, data=data)
    inside = _seconds(lambda: call_command("verify_protocol", stdout=io.StringIO()))
    typed = _seconds(_as_typed)
    figures = {
        "rows": rows,
        "seconds": inside,
        "seconds_with_start_of_python": typed,
        "rows_per_second": round(rows / max(inside, 0.001)),
    }
    return Outcome(figures, typed < 2)


def _as_typed() -> None:
    command = [sys.executable, "manage.py", "verify_protocol", "--skip-checks"]
    subprocess.run(command, cwd=settings.BASE_DIR, check=True, capture_output=True)


def _seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return round(time.perf_counter() - began, 3)
