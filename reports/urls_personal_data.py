from django.urls import path

from reports.views import personal_data

urlpatterns = [
    path("persondata/", personal_data.people_page, name="people_page"),
    path("persondata/mine/", personal_data.own_data, name="own_data"),
    path("persondata/<int:person_id>/", personal_data.person_page, name="person_page"),
    path("persondata/<int:person_id>/slet/", personal_data.person_erase, name="person_erase"),
]
