"""What happens by itself in ethics; importing this registers the handlers."""

from ethics.tasks import aiact, conditions, hearings

__all__ = ["aiact", "conditions", "hearings"]
