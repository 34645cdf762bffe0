from django.urls import path

from core import views
from core.views import works

app_name = "core"
urlpatterns = [
    path("farver.css", views.brand_css, name="brand_css"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("arbejde/<int:work_id>/", works.work_page, name="work_page"),
    path("arbejde/<int:work_id>/fil/", works.work_file, name="work_file"),
    path("arbejde/<int:work_id>/annuller/", works.work_cancel, name="work_cancel"),
    path("arbejde/<int:work_id>/igen/", works.work_retry, name="work_retry"),
    path("arbejde/<int:work_id>/vaek/", works.work_dismiss, name="work_dismiss"),
]
