"""Addresses of the review rounds."""

from typing import Any

from django.urls import path

from ethics.views import results, rounds, sheets

ROUND = "etik/runder/<int:review_id>/"
urlpatterns: list[Any] = [
    path("etik/", rounds.review_list, name="review_list"),
    path("etik/sag/<int:case_id>/runder/ny/", rounds.review_new, name="review_new"),
    path(ROUND, rounds.review_page, name="review_page"),
    path(f"{ROUND}habilitet/", rounds.review_declare, name="review_declare"),
    path(f"{ROUND}frist/", rounds.review_deadline, name="review_deadline"),
    path(f"{ROUND}bedoemmere/", rounds.review_people, name="review_people"),
    path(
        f"{ROUND}bedoemmere/<int:assignment_id>/fritag/",
        rounds.review_release,
        name="review_release",
    ),
    path(f"{ROUND}ark/", sheets.sheet_page, name="sheet_page"),
    path(f"{ROUND}ark/<str:part>/", sheets.sheet_section, name="sheet_section"),
    path(f"{ROUND}ark/<str:part>/kladde/", sheets.sheet_draft, name="sheet_draft"),
    path(f"{ROUND}forsegl/", sheets.sheet_seal, name="sheet_seal"),
    path(f"{ROUND}alle-ark/", sheets.review_sheets, name="review_sheets"),
    path(f"{ROUND}alle-ark/<int:sheet_id>/tilfoej/", sheets.sheet_add, name="sheet_add"),
    path(f"{ROUND}droeftelse/", sheets.review_discussion, name="review_discussion"),
    path(f"{ROUND}resultat/", results.review_result, name="review_result"),
    path(f"{ROUND}resultat/pdf/", results.review_result_file, name="review_result_file"),
    path(f"{ROUND}resultat/pdf/lav/", results.review_result_request, name="review_result_request"),
    path(f"{ROUND}trin/<str:step>/", rounds.review_step, name="review_step"),
]
