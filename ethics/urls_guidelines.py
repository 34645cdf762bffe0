"""Addresses of guidelines, amendments and dilemmas."""

from typing import Any

urlpatterns: list[Any] = []
