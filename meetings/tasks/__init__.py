"""What the outbox does for meetings; importing this registers the handlers."""

from meetings.tasks import documents

__all__ = ["documents"]
