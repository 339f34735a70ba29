"""Addresses of enrolment, below those of one person."""

from django.urls import URLPattern, path

from modicum.web.clinic.enrolling import beginning, closing, consents, plans, protocols, screening

urlpatterns: list[URLPattern] = [
    path("screen/", screening.screen, name="screen"),
    path("screening/", screening.screening, name="screening"),
    path("protocol/", protocols.protocols, name="protocols"),
    path("protocol/one/", protocols.protocol, name="protocol"),
    path("plan/", plans.plan, name="plan"),
    path("consent/", consents.consent, name="consent"),
    path("consent/sheet/", consents.sheet, name="consent_sheet"),
    path("begin/", beginning.begin, name="begin"),
    path("close/", closing.close, name="close_enrolment"),
    path("reopen/", closing.reopen, name="reopen_enrolment"),
]
