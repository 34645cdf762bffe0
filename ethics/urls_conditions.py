"""Addresses of conditions and duties with their gates."""

from typing import Any

from django.urls import path

from ethics.views import conditions as views
from ethics.views import snapshots

CASE = "etik/sag/<int:case_id>/vilkaar/"
ONE = f"{CASE}<int:condition_no>/"
DECIDED_ON = "etik/sag/<int:case_id>/besluttet-paa/"
urlpatterns: list[Any] = [
    path(DECIDED_ON, snapshots.snapshot_page, name="snapshot_page"),
    path(f"{DECIDED_ON}frys/", snapshots.snapshot_take, name="snapshot_take"),
    path("etik/vilkaar/", views.condition_list, name="condition_list"),
    path(CASE, views.conditions_page, name="conditions_page"),
    path(f"{CASE}nyt/", views.condition_new, name="condition_new"),
    path(f"{CASE}tag-over/", views.condition_take, name="condition_take"),
    path(ONE, views.condition_page, name="condition_page"),
    path(f"{ONE}rediger/", views.condition_edit, name="condition_edit"),
    path(f"{ONE}dokumentation/", views.condition_evidence, name="condition_evidence"),
    path(f"{ONE}dokumentation/<int:evidence_no>/", views.evidence_file, name="evidence_file"),
    path(f"{ONE}kontrol/", views.condition_verify, name="condition_verify"),
    path(f"{ONE}<slug:act>/", views.condition_move, name="condition_move"),
]
