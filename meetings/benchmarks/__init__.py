"""What meetings promise under load. Importing it registers the benchmarks."""

from meetings.benchmarks import documents, locking, polling, races

__all__ = ["documents", "locking", "polling", "races"]
