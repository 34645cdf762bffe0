"""What happens by itself in ethics; importing this registers the handlers."""

from ethics.tasks import conditions, hearings

__all__ = ["conditions", "hearings"]
