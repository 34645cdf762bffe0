from django.urls import path

from committee import views

app_name = "committee"
urlpatterns = [
    path("udvalg/", views.committee_home, name="committee_home"),
    path("udvalg/vaelg/", views.choose_committee, name="choose_committee"),
    path("udvalg/<slug:slug>/", views.committee_page, name="committee_page"),
    path(
        "udvalg/<slug:slug>/leverancer/<int:pk>/", views.deliverable_edit, name="deliverable_edit"
    ),
    path("vis-som/", views.view_as, name="view_as"),
    path("kommune/<int:pk>/logo", views.municipality_logo, name="municipality_logo"),
]
