"""What Celery hears of the outbox."""

from celery import shared_task
from celery.signals import worker_ready

from core import outbox, works  # noqa: F401 - works has a handler of the outbox


@shared_task
def run_entry(entry_id: int) -> bool:
    return outbox.run(entry_id)


@shared_task
def sweep_outbox() -> int:
    return outbox.sweep()


@worker_ready.connect
def sweep_at_start(**_signal: object) -> None:
    """What was queued while no worker ran is done now, not at the next beat."""
    sweep_outbox.apply_async(retry=False, ignore_result=True)
