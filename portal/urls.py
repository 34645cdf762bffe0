from django.urls import path

from portal import views

app_name = "portal"
urlpatterns = [
    path("", views.front, name="front"),
    path("mit-arbejde/", views.my_work, name="my_work"),
    path("mit-arbejde/laest/", views.news_read, name="news_read"),
    path("was", views.was, name="was"),
]
