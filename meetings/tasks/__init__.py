"""What the outbox does for meetings; importing this registers the handlers."""

from meetings.tasks import documents, mail, rounds

__all__ = ["documents", "mail", "rounds"]
