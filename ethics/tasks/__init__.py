"""What happens by itself in ethics; importing this registers the handlers."""

from ethics.tasks import rounds

__all__ = ["rounds"]
