from django.urls import path

from core import views

app_name = "core"
urlpatterns = [
    path("farver.css", views.brand_css, name="brand_css"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]
