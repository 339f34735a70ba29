"""Addresses of an answer, under that of its participant."""

from django.urls import URLPattern, URLResolver, path

from modicum.web.clinic.answering import pages, papers

urlpatterns: list[URLPattern | URLResolver] = [
    path("answer/", pages.answer, name="answer"),
    path("answer/wanted/", pages.want, name="want"),
    path("answer/sign/", pages.sign_answer, name="sign_answer"),
    path("answer/again/", pages.make_pages_again, name="make_pages_again"),
    path("reveal/", pages.reveal, name="reveal"),
    path("reveal/papers/", papers.papers, name="papers"),
    path("report/", papers.report, name="report"),
    path("report/patient/", papers.patient_page, name="patient_page"),
]
