"""Addresses of ranking and of citizens' proposals; `usecases.urls` puts them first."""

from django.urls import path

from usecases.views import citizens, ranking

urlpatterns = [
    path("forslag/prioritering/", ranking.ranking_page, name="ranking_page"),
    path("forslag/prioritering/runder/", ranking.ranking_rounds, name="ranking_rounds"),
    path("forslag/prioritering/runder/ny/", ranking.ranking_round_new, name="ranking_round_new"),
    path(
        "forslag/prioritering/runder/<int:ranking_id>/",
        ranking.ranking_round,
        name="ranking_round",
    ),
    path(
        "forslag/prioritering/runder/<int:ranking_id>/luk/",
        ranking.ranking_round_close,
        name="ranking_round_close",
    ),
    path("forslag/<int:case_id>/vurdering/", ranking.case_score, name="case_score"),
    path("forslag/foreslaa/", citizens.citizen_form, name="citizen_form"),
    path("forslag/foreslaa/sendt/", citizens.citizen_sent, name="citizen_sent"),
    path(
        "forslag/foreslaa/bekraeft/<str:token>/", citizens.citizen_confirm, name="citizen_confirm"
    ),
    path("forslag/foreslaa/status/<str:token>/", citizens.citizen_status, name="citizen_status"),
]
