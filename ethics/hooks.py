"""What other parts hang on ethics; see `usecases.hooks` for the ways of it."""

from collections.abc import Callable
from typing import Any

# (case, changes, by): a new version of the AI Act's rules gives another outcome, duty or date.
law_changed: list[Callable[[Any, list[dict[str, Any]], Any], None]] = []
