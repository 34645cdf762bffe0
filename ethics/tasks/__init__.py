"""What happens by itself in ethics; importing this registers the handlers."""

from ethics.tasks import aiact, conditions, hearings, rounds

__all__ = ["aiact", "conditions", "hearings", "rounds"]
