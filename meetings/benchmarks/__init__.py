"""What meetings promise under load. Importing it registers the benchmarks."""

from meetings.benchmarks import locking, polling, races

__all__ = ["locking", "polling", "races"]
