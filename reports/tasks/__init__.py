"""What the worker and the clock do; one module for each part."""

from reports.tasks import archive

__all__ = ["archive"]
