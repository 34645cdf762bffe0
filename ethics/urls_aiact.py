"""Addresses of the assessment under the AI Act."""

from typing import Any

urlpatterns: list[Any] = []
