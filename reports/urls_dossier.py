from django.urls import path

from reports.views import dossier

urlpatterns = [
    path("forslag/<int:case_id>/sagsmappe/", dossier.dossier_page, name="dossier_page"),
]
