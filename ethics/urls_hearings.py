"""Addresses of hearings."""

from django.urls import path

from ethics.views import hearings

H = "etik/sag/<int:case_id>/hoering"
urlpatterns = [
    path(f"{H}/", hearings.hearing_page, name="hearing_page"),
    path(f"{H}/aabn/", hearings.hearing_open, name="hearing_open"),
    path(f"{H}/svar/", hearings.hearing_reply, name="hearing_reply"),
    path(f"{H}/luk/", hearings.hearing_close, name="hearing_close"),
    path(f"{H}/aflys/", hearings.hearing_cancel, name="hearing_cancel"),
]
