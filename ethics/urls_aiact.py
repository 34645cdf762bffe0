"""Addresses of the assessment under the AI Act."""

from typing import Any

from django.urls import path

from ethics.views import aiact as views
from ethics.views import aiact_duties as duties
from ethics.views import aiact_replay as replay

CASE = "etik/sag/<int:case_id>/ai-forordningen/"
urlpatterns: list[Any] = [
    path("etik/ai-forordningen/proev/", views.aiact_try, name="aiact_try"),
    path("etik/ai-forordningen/genberegning/", replay.aiact_replays, name="aiact_replays"),
    path(
        "etik/ai-forordningen/genberegning/<int:replay_id>/",
        replay.aiact_replay,
        name="aiact_replay",
    ),
    path(
        "etik/ai-forordningen/genberegning/<int:replay_id>/genaabn/",
        replay.aiact_replay_apply,
        name="aiact_replay_apply",
    ),
    path(CASE, views.aiact_page, name="aiact_page"),
    path(f"{CASE}spoergsmaal/<slug:block>/", views.aiact_block, name="aiact_block"),
    path(
        f"{CASE}spoergsmaal/<slug:block>/kladde/", views.aiact_block_draft, name="aiact_block_draft"
    ),
    path(f"{CASE}afslut/", views.aiact_conclude, name="aiact_conclude"),
    path(f"{CASE}pligter/<str:code>/", duties.aiact_duty, name="aiact_duty"),
    path(f"{CASE}pligter/<str:code>/godkend/", duties.aiact_duty_verify, name="aiact_duty_verify"),
]
