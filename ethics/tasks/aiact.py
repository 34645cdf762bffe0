"""What ethics does by itself, and what the worker does for it."""

from celery import shared_task

from core import outbox
from ethics.services import aiact_duties, aiact_replay


@shared_task
def mind_ai_act_notes() -> int:
    """Gates fall on the day on which a duty begins to apply."""
    return aiact_duties.mind_notes()


@outbox.handler(aiact_replay.CHECK)
def check_replay(payload: outbox.Payload, report: outbox.Report) -> None:
    """List what another version of the rules changes."""
    aiact_replay.check_replay(aiact_replay.get_replay(payload["replay"]), report)


@outbox.handler(aiact_replay.APPLY)
def apply_replay(payload: outbox.Payload, report: outbox.Report) -> None:
    """Re-open what the list names; run again, it goes on where it stopped."""
    aiact_replay.apply_replay(aiact_replay.get_replay(payload["replay"]), report)
