"""Addresses of the questionnaire and a case's answers."""

from typing import Any

urlpatterns: list[Any] = []
