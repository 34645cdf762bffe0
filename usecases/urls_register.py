"""Addresses of the register."""

from django.urls import path

from usecases import views

urlpatterns = [
    path("forslag/", views.case_list, name="case_list"),
    path("forslag/flere/", views.cases_act, name="cases_act"),
    path("forslag/visninger/", views.view_list, name="view_list"),
    path("forslag/visninger/ny/", views.view_new, name="view_new"),
    path("forslag/visninger/<slug:token>/", views.view_open, name="view_open"),
    path("forslag/visninger/<slug:token>/ret/", views.view_edit, name="view_edit"),
    path("forslag/visninger/<slug:token>/slet/", views.view_delete, name="view_delete"),
    path("forslag/<int:case_id>/flyt/", views.board_move, name="board_move"),
]
