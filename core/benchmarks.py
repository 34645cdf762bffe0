"""What the mechanisms of the core promise."""

import io
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from core import audit
from core.bench import Outcome, benchmark
from core.document_bench import SAMPLES, measure_document
from core.models import OutboxEntry

MOST_FOR_A_DOCUMENT = 1.25


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


@benchmark(
    "documents",
    target="a document in at most 1.25 times what WeasyPrint alone needs for its HTML",
)
def documents(rounds: int = 3) -> Outcome:
    """Make each document, and its HTML by WeasyPrint alone, by turns in one process"""
    found = [
        measure_document(name, prepare(), rounds=int(rounds))
        for name, prepare in sorted(SAMPLES.items())
    ]
    figures: dict[str, Any] = {
        one.name: {
            "seconds": round(one.document, 2),
            "seconds_weasyprint_alone": round(one.alone, 2),
            "ratio": round(one.ratio, 3),
            "kilobytes": round(one.size / 1024),
        }
        for one in found
    }
    # Linux counts in kilobytes; of everything measured here, as it was done in one process.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figures["peak_megabytes"] = round(peak)
    worst = max((one.ratio for one in found), default=0.0)
    return Outcome(figures | {"worst_ratio": round(worst, 3)}, worst <= MOST_FOR_A_DOCUMENT)


def _as_typed() -> None:
    command = [sys.executable, "manage.py", "verify_protocol", "--skip-checks"]
    subprocess.run(command, cwd=settings.BASE_DIR, check=True, capture_output=True)


def _seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return round(time.perf_counter() - began, 3)
