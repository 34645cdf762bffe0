"""Addresses of what reaches the council; each part has a module of its own."""

from reports import urls_dossier

app_name = "reports"
urlpatterns = [
    *urls_dossier.urlpatterns,
]
