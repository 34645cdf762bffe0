"""What stands beside a case; every part adds its function to `usecases.hooks.panels`."""

from ethics.panels import aiact, conditions, hearings, questions, rounds

__all__ = ["aiact", "conditions", "hearings", "questions", "rounds"]
