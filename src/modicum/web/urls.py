"""Every address of the web, by the room that answers it."""

from django.urls import URLPattern, URLResolver, include, path

from modicum.web.accounts import founding, joining
from modicum.web.clinic import pages

urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.start, name="start"),
    path("accounts/", include("modicum.web.accounts.urls")),
    path("charts/", include("modicum.web.charts.urls")),
    path("clinic/", include("modicum.web.clinic.urls")),
    path("pharmacy/", include("modicum.web.pharmacy.urls")),
    path("join/<str:token>/", joining.join, name="join"),
    path("found/<str:mark>/", founding.found, name="found"),
    path("welcome/<str:token>/", joining.welcome, name="welcome"),
    path("diary/", include("modicum.web.diary.urls")),
    path("api/", include("modicum.web.api.urls")),
    path("research/", include("modicum.web.research.urls")),
    path("operate/", include("modicum.web.operating.urls")),
    path("", include("modicum.web.directory.urls")),
]

handler400 = "modicum.web.refusals.not_understood"
handler403 = "modicum.web.refusals.refused"
handler404 = "modicum.web.refusals.missing"
handler500 = "modicum.web.refusals.failed"
