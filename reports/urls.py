"""Addresses of what reaches the council; each part has a module of its own."""

from django.urls import URLPattern

from reports import urls_mandate, urls_status

app_name = "reports"
urlpatterns: list[URLPattern] = [
    *urls_mandate.urlpatterns,
    *urls_status.urlpatterns,
]
