"""Addresses of the analyst."""

from django.urls import URLPattern, URLResolver, path

from modicum.web.research import pages

app_name = "research"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.page, name="page"),
    path("export/", pages.export, name="export"),
    path("archive/", pages.archive, name="archive"),
]
