from django.urls import path

from usecases.views import exchange as views

urlpatterns = [
    path("forslag/inspiration/", views.inspiration, name="inspiration"),
    path("forslag/import/", views.import_new, name="import_new"),
    path("forslag/import/<int:import_id>/", views.import_page, name="import_page"),
    path("forslag/import/<int:import_id>/udfoer/", views.import_run, name="import_run"),
    path("forslag/import/<int:import_id>/tilbageholdt.csv", views.import_held, name="import_held"),
    path("forslag/eksport/", views.export_page, name="export_page"),
    path("forslag/eksport/skema.json", views.export_schema, name="export_schema"),
    path("forslag/eksport/<slug:format_name>/", views.export_file, name="export_file"),
    path("forslag/eksport/<slug:format_name>/mangler/", views.export_gaps, name="export_gaps"),
]
