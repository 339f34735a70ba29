"""Addresses of the operator."""

from django.urls import URLPattern, URLResolver, path

from modicum.web.operating import clinics, pages

app_name = "operating"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.health, name="health"),
    path("audit/", pages.audit, name="audit"),
    path("clinics/", clinics.page, name="clinics"),
    path("clinics/take/", clinics.take, name="take_clinics"),
    path("clinics/<uuid:site>/remove/", clinics.remove, name="remove_clinic"),
]
