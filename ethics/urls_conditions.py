"""Addresses of conditions and duties with their gates."""

from typing import Any

urlpatterns: list[Any] = []
