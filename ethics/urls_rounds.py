"""Addresses of the review rounds."""

from typing import Any

urlpatterns: list[Any] = []
