"""What happens by itself in ethics; importing this registers the handlers."""

from ethics.tasks import conditions

__all__ = ["conditions"]
