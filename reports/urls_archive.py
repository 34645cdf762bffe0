"""Addresses of the archive."""

from django.urls import path

from reports.views import archive

urlpatterns = [
    path("arkiv/", archive.archive_list, name="archive_list"),
    path("arkiv/ny/", archive.archive_new, name="archive_new"),
    path("arkiv/bevaring/", archive.retention, name="retention"),
    path("arkiv/esdh/<int:meeting_id>/", archive.hand_off_page, name="hand_off_page"),
    path("arkiv/esdh/<int:meeting_id>/hent/", archive.hand_off_file, name="hand_off_file"),
    path("arkiv/<int:package_id>/", archive.archive_page, name="archive_page"),
    path("arkiv/<int:package_id>/efterproev/", archive.archive_check, name="archive_check"),
    path("arkiv/<int:package_id>/hent/", archive.archive_file, name="archive_file"),
]
