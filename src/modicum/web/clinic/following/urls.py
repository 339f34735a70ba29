"""Addresses of a trial that is followed, below those of one person."""

from django.urls import URLPattern, path

from modicum.web.clinic.following import emergency, person, rechallenge, record, review, sheet, staying

urlpatterns: list[URLPattern] = [
    path("", person.page, name="person"),
    path("noted/", person.noted, name="noted"),
    path("review/<int:number>/", review.page, name="review"),
    path("stop/", staying.stop, name="stop"),
    path("hold/", staying.pause, name="hold"),
    path("resume/", staying.go_on, name="resume"),
    path("emergency/", emergency.page, name="emergency"),
    path("sheet/", sheet.page, name="sheet"),
    path("record/", record.page, name="record"),
    path("re-challenge/", rechallenge.page, name="rechallenge"),
]
