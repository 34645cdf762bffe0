"""Addresses of ethics: one list for each part."""

from typing import Any

from ethics import (
    urls_aiact,
    urls_conditions,
    urls_guidelines,
    urls_hearings,
    urls_questions,
    urls_rounds,
)

app_name = "ethics"
urlpatterns: list[Any] = [
    *urls_aiact.urlpatterns,
    *urls_questions.urlpatterns,
    *urls_rounds.urlpatterns,
    *urls_guidelines.urlpatterns,
    *urls_hearings.urlpatterns,
    *urls_conditions.urlpatterns,
]
