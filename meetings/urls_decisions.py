"""Addresses of the register of decisions."""

from django.urls import path

from meetings.views import decisions

urlpatterns = [
    path("beslutninger/", decisions.decision_list, name="decision_list"),
    path("beslutninger/<int:decision_id>/", decisions.decision_page, name="decision_page"),
    path("beslutninger/fil/<slug:format_name>/", decisions.decision_export, name="decision_export"),
]
