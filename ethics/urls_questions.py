"""Addresses of the questionnaire and a case's answers."""

from typing import Any

from django.urls import path

from ethics.views import questions as views

CASE = "etik/sag/<int:case_id>/spoergsmaal/"
urlpatterns: list[Any] = [
    path(CASE, views.questions, name="questions"),
    path(f"{CASE}laes/", views.questions_read, name="questions_read"),
    path(f"{CASE}ny-version/", views.questions_renew, name="questions_renew"),
    path(f"{CASE}<str:part>/", views.questions_section, name="questions_section"),
    path(f"{CASE}<str:part>/kladde/", views.questions_draft, name="questions_draft"),
]
