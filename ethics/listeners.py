"""What ethics does when a case moves or changes; see `usecases.hooks`."""

from ethics.hooks import law_changed

__all__ = ["law_changed"]
