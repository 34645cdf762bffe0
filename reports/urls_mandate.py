"""Addresses of the mandate: how far it is, the re-visit, the hand-over."""

from django.urls import path

from reports.views import mandate as views

urlpatterns = [
    path("kommissorium/<slug:slug>/fremdrift/", views.mandate_progress, name="mandate_progress"),
    path("kommissorium/<slug:slug>/genbesoeg/", views.revisit_new, name="revisit_new"),
    path("kommissorium/<slug:slug>/overdragelse/", views.hand_over, name="hand_over"),
    path(
        "kommissorium/<slug:slug>/overdragelse/<int:hand_over_id>/",
        views.hand_over_page,
        name="hand_over_page",
    ),
]
