"""Addresses of what reaches the council; each part has a module of its own."""

from reports import urls_dossier, urls_personal_data

app_name = "reports"
urlpatterns = [
    # Case dossiers and personal data.
    *urls_dossier.urlpatterns,
    *urls_personal_data.urlpatterns,
]
