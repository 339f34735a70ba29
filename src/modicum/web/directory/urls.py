"""Addresses that are open to everybody."""

from django.urls import URLPattern, URLResolver, path

from modicum.web.directory import pages

app_name = "directory"
urlpatterns: list[URLPattern | URLResolver] = [
    path("clinics/", pages.clinics, name="clinics"),
    path("privacy/", pages.privacy, name="privacy"),
]
