"""Addresses of what reaches the council; each part has a module of its own."""

from django.urls import URLPattern

app_name = "reports"
urlpatterns: list[URLPattern] = []
