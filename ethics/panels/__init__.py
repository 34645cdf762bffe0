"""What stands beside a case; every part adds its function to `usecases.hooks.panels`."""

from ethics.panels import conditions, hearings

__all__ = ["conditions", "hearings"]
