"""Addresses of what reaches the council; each part has a module of its own."""

from django.urls import URLPattern

from reports import urls_archive, urls_dossier, urls_mandate, urls_personal_data, urls_status

app_name = "reports"
urlpatterns: list[URLPattern] = [
    *urls_archive.urlpatterns,
    *urls_dossier.urlpatterns,
    *urls_mandate.urlpatterns,
    *urls_personal_data.urlpatterns,
    *urls_status.urlpatterns,
]
