from django.urls import path

from usecases import urls_discussion, urls_exchange, urls_ranking, urls_register, views

app_name = "usecases"
urlpatterns = [
    *urls_register.urlpatterns,
    *urls_ranking.urlpatterns,
    *urls_exchange.urlpatterns,
    path("forslag/nyt/", views.case_new, name="case_new"),
    path("forslag/nyt/kladde/", views.case_new_draft, name="case_new_draft"),
    path("forslag/lignende/", views.similar_cases, name="similar_cases"),
    path("forslag/<int:case_id>/", views.case_page, name="case_page"),
    path("forslag/<int:case_id>/indsend/", views.case_review, name="case_review"),
    path("forslag/<int:case_id>/lignende/", views.case_similar, name="case_similar"),
    path("forslag/<int:case_id>/rediger/<slug:section>/", views.section_edit, name="section_edit"),
    path(
        "forslag/<int:case_id>/rediger/<slug:section>/kladde/",
        views.section_draft,
        name="section_draft",
    ),
    path("forslag/<int:case_id>/beslutning/", views.case_decide, name="case_decide"),
    path("forslag/<int:case_id>/fakta/<slug:fact>/", views.case_fact, name="case_fact"),
    *urls_discussion.urlpatterns,
    path("forslag/<int:case_id>/<slug:move>/", views.case_move, name="case_move"),
]
