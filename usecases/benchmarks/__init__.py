"""What the use cases promise ten years from now. Importing it registers the benchmarks."""

from usecases.benchmarks import register

__all__ = ["register"]
