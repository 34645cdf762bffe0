"""How far something is that a worker makes: the same states and words wherever it is awaited."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core import outbox
from core.models import AskedFile, OutboxCause, OutboxEntry, OutboxState
from core.steps import step_words

TRY_AGAIN = _("Try again. If it fails once more, write to the administrator.")
# What the reader can do about it, where it is more than to try again.
ADVICE: dict[str, str | Promise] = {
    OutboxCause.DISK: _("Write to the administrator, who can make room. Then try again."),
    OutboxCause.MEMORY: _("Write to the administrator if it fails again. Then try a shorter one."),
    OutboxCause.MISSING: _("Write to the administrator, who can find the file. Then try again."),
    OutboxCause.CONTENT: _("Write to the administrator, who can see which part it is."),
}


@dataclass(frozen=True)
class Progress:
    """`state` is none, queued, running, done, outdated, failed or cancelled."""

    state: str
    step: str = ""
    share: int = 0
    cause: str = ""
    # When it is tried again by itself after an error.
    next_try: datetime | None = None

    @property
    def is_waiting(self) -> bool:
        return self.state in ("queued", "running")

    @property
    def reason(self) -> str | Promise:
        """Why the last attempt failed, in words for everybody."""
        return OutboxCause(self.cause).label if self.cause in OutboxCause.values else ""

    @property
    def advice(self) -> str | Promise:
        return ADVICE.get(self.cause, TRY_AGAIN)


def progress_of(row: AskedFile | None) -> Progress:
    """How far `row` is; None is something that nobody has asked for."""
    if row is None or row.file_id:
        return Progress("done" if row else "none", share=100 if row else 0)
    return progress_from(row, row.entry)


def progress_from(row: AskedFile, entry: OutboxEntry | None) -> Progress:
    """The same, from an entry that has been fetched already."""
    if row.file_id:
        return Progress("done", share=100)
    if entry is None:
        return Progress("none")
    # Its maker found that what was asked for no longer is.
    state = "outdated" if entry.state == OutboxState.DONE else str(entry.state)
    failed_before = state == "queued" and bool(entry.cause)
    return Progress(
        state=state,
        step=step_words(entry.step) if state == "running" else "",
        share=entry.share if state == "running" else 0,
        cause=entry.cause if failed_before or state == "failed" else "",
        next_try=entry.available_at if failed_before else None,
    )


def start_over(row: AskedFile) -> bool:
    """Try again what failed, was cancelled or is out of date. False when nothing had to be done."""
    entry: Any = None if row.file_id else row.entry
    return bool(entry) and outbox.requeue(entry)
