"""The acts of the protocol in words. Every verb that is recorded has its words here."""

from typing import Any

WORDS: dict[str, Any] = {}
