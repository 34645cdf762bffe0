"""What the use cases promise. Importing it registers the benchmarks."""

from usecases import benchmarks_import

__all__ = ["benchmarks_import"]
