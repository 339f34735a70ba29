"""Addresses of the app on the phone."""

from django.urls import URLPattern, URLResolver, path

from modicum.web.diary import own_pages, shell, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.part(shell.page), name="diary"),
    path("sw.js", views.part(shell.worker, worker=True), name="diary-worker"),
    path("manifest.webmanifest", views.part(shell.manifest), name="diary-manifest"),
    path("calendar.ics", views.calendar, name="diary-calendar"),
    path("data.json", own_pages.data_json, name="diary-data-json"),
    path("data.csv", own_pages.data_csv, name="diary-data-csv"),
    path("result", own_pages.result, name="diary-result"),
    path("leave-device", views.leave_device, name="diary-leave-device"),
]
