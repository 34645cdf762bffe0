"""Handlers whose effect is a file per entry, and a log of every attempt."""

import os
import time
from pathlib import Path

from core.outbox import Payload, Report, handler

FOLDER = Path(os.environ.get("WORKSHOP_DIR", "/nonexistent"))


@handler("workshop.make")
def make(payload: Payload, report: Report) -> None:
    """Slow, and idempotent: a second run puts the same piece in the same place."""
    number = payload["number"]
    with (FOLDER / "attempts").open("a") as log:
        log.write(f"{number}\n")
    report("Half", 50)
    time.sleep(0.3)
    unfinished = FOLDER / f".piece-{number}"
    unfinished.write_text(str(number))
    unfinished.rename(FOLDER / f"piece-{number}")
