"""What the outbox does for meetings; importing this registers the handlers."""

from meetings.tasks import approval, documents, mail, rounds

__all__ = ["approval", "documents", "mail", "rounds"]
