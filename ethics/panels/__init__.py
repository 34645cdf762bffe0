"""What stands beside a case; every part adds its function to `usecases.hooks.panels`."""

from ethics.panels import conditions, hearings, questions

__all__ = ["conditions", "hearings", "questions"]
