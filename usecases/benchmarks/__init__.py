"""What the use cases promise ten years from now. Importing it registers the benchmarks."""

from usecases.benchmarks import importing, register

__all__ = ["importing", "register"]
