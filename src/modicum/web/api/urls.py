"""Addresses of the interface that phones speak to."""

from django.urls import URLPattern, URLResolver, path

from modicum.web.api.phone import api

urlpatterns: list[URLPattern | URLResolver] = [path("v1/", api.urls)]
